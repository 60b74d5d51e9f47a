"""The page of an order that waits to be paid by card: pay, pay at the stalls instead, or let it go."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marche.common.flash import say_refused
from marche.common.refusals import Refused
from marche.payments.actions.reconcile import reconcile
from marche.payments.models import PaymentAttempt
from marche.payments.refusals import StripeError
from orders.actions.pay_at_stall import pay_at_stall
from orders.actions.pay_online import pay_online
from orders.models import Pickup
from orders.presenters.card import card_of
from orders.presenters.ticket import parts_of
from orders.resident.views.ticket import with_ticket

logger = logging.getLogger(__name__)


class SeeOther(HttpResponseRedirect):
    """Redirect to Stripe's page with GET, whatever the method of this request was (303)."""

    status_code = 303


def to_stripe(request: HttpRequest, pickup: Pickup) -> HttpResponse:
    """Send a resident to the page on which this order is paid; else to ours, with what stands in the way."""
    try:
        return SeeOther(pay_online(pickup.pk))
    except Refused as refusal:
        say_refused(request, refusal)
    return redirect("payment", pickup.display_code)


@require_safe
@with_ticket
def payment(request: HttpRequest, pickup: Pickup) -> HttpResponse:
    """Where Stripe sends the resident back, paid or not: Stripe itself is asked which."""
    if not pickup.is_pending:
        return redirect(pickup)
    answered = _ask(pickup)
    pickup = Pickup.objects.with_related().get(pk=pickup.pk)
    if not pickup.is_pending:
        return redirect(pickup)
    context = {
        "pickup": pickup,
        "parts": parts_of(pickup),
        "card": card_of(pickup),
        "answered": answered,
        "came_back": "session" in request.GET,
        "is_time": pickup.is_time_to_pay(),
    }
    return render(request, "orders/resident/payment.html", context)


@require_POST
@with_ticket
def pay(request: HttpRequest, pickup: Pickup) -> HttpResponse:
    return to_stripe(request, pickup)


@require_POST
@with_ticket
def at_stall(request: HttpRequest, pickup: Pickup) -> HttpResponse:
    """Pay at the stalls instead."""
    try:
        chosen = pay_at_stall(pickup.pk)
    except Refused as refusal:
        say_refused(request, refusal, messages.WARNING)
        return redirect("payment", pickup.display_code)
    if chosen:
        messages.success(request, _("Your order is confirmed: you will pay at the stalls."))
    else:
        messages.info(request, _("Your card was accepted meanwhile: the amount is reserved on it."))
    return redirect(pickup)


def _ask(pickup: Pickup) -> bool:
    """Whether Stripe answered about the page that was opened for this order, if one was."""
    opened = PaymentAttempt.objects.waiting().filter(order=pickup.pk).exclude(session_id="")
    attempt_id = opened.values_list("pk", flat=True).first()
    if attempt_id is None:
        return True
    try:
        reconcile(attempt_id, patient=False)
    except StripeError as error:
        logger.warning("attempt %s: Stripe gave no answer to a page: %s", attempt_id, error)
        return False
    return True
