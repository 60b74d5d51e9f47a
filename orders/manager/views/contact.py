"""A manager puts the contact of an order right, for who telephones about a slip."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marche.common.flash import say_refused
from marche.common.mail_question import question_about, with_answer
from marche.common.refusals import Refused
from marche.markets.models import Market
from orders.actions.correct_contact import correct_contact, problem_of
from orders.manager.forms_contact import CorrectionForm
from orders.manager.views.guard import for_managers, manager_of
from orders.manager.views.order import order_of, order_page


@require_POST
@for_managers
def correct(request: HttpRequest, market: Market, date: dt.date, number: int) -> HttpResponse:
    """A likely slip in the address is asked about once."""
    pickup = order_of(market, date, number)
    with_address = problem_of(pickup, by=manager_of(request)) is None
    form = CorrectionForm(pickup, with_answer(request.POST), with_address=with_address)
    if not form.is_valid():
        return order_page(request, pickup, contact_form=form)
    typed = form.cleaned_data
    if question := question_about(typed.get("email", ""), request.POST, known=[pickup.email]):
        return order_page(request, pickup, contact_form=form, question=question)
    try:
        corrected = correct_contact(pickup.pk, by=manager_of(request), **typed)
    except Refused as refusal:
        say_refused(request, refusal)
        return order_page(request, pickup, contact_form=form, status=409)
    messages.success(request, _("The contact of order %(number)d is corrected.") % {"number": number})
    if corrected.email and (corrected.email, corrected.name) != (pickup.email, pickup.name):
        messages.info(request, _("The ticket leaves again, to %(email)s.") % {"email": corrected.email})
    return redirect("manage-order", market.slug, date, number)
