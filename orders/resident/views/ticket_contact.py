"""The address to which a ticket was sent is put right from the ticket itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marche.accounts.guard import resident_of
from marche.common.flash import say_refused
from marche.common.mail_question import question_about, with_answer
from marche.common.refusals import Refused
from orders.actions.correct_contact import correct_contact
from orders.models import Pickup
from orders.resident.forms import TicketAddressForm
from orders.resident.views.ticket import ticket_page, with_ticket


@require_POST
@with_ticket
def correct(request: HttpRequest, pickup: Pickup) -> HttpResponse:
    """The ticket is the authority, as it is for cancelling. A likely slip is asked about once."""
    form = TicketAddressForm(with_answer(request.POST))
    if not form.is_valid():
        return ticket_page(request, pickup, address_form=form, status=422)
    if question := question_about(form.cleaned_data["email"], request.POST):
        return ticket_page(request, pickup, address_form=form, question=question)
    try:
        corrected = correct_contact(pickup.pk, email=form.cleaned_data["email"], by=resident_of(request))
    except Refused as refusal:
        say_refused(request, refusal)
    else:
        messages.success(request, _("Your ticket leaves again, to %(email)s.") % {"email": corrected.email})
    return redirect(pickup)
