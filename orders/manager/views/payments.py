"""The payments by card of a market: whether all is in order, what to do, and the figures."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from marche.markets.guard import manager_of
from marche.markets.models import Market
from marche.payments.actions.compare_with_stripe import compare_with_stripe
from marche.payments.actions.reconcile import reconcile
from marche.payments.actions.retry_instruction import retry_instruction
from marche.payments.health import till_problem
from marche.payments.models import Instruction, PaymentAttempt
from marche.payments.refusals import StripeError
from marche.payments.tills import till_of
from orders.manager.payments.page import payments_of
from orders.manager.views.guard import for_managers

logger = logging.getLogger(__name__)
LOOK_BACK = 8  # days: what a manager waits for; the night looks back further


@require_safe
@for_managers
def manage_payments(request: HttpRequest, market: Market) -> HttpResponse:
    shown = payments_of(market, till_problem(market))
    context = {
        "area": "payments",
        "market": market,
        "shown": shown,
        "rows": [shown.figures.in_words(row) for row in shown.figures.rows],
        "can_compare": till_of(market) is not None,
    }
    return render(request, "orders/manager/payments.html", context)


@require_POST
@for_managers
def compare(request: HttpRequest, market: Market) -> HttpResponse:
    """Compare with Stripe now, as far back as somebody waits for."""
    try:
        comparison = compare_with_stripe(market.till, days=LOOK_BACK, patient=False)
    except StripeError as error:
        return _no_answer(request, market, error)
    count = len(comparison.differences)
    if count:
        text = ngettext(
            "Compared with Stripe: %(count)d difference.", "Compared with Stripe: %(count)d differences.", count
        )
        messages.warning(request, text % {"count": count})
    else:
        messages.success(request, _("Compared with Stripe: no difference."))
    return redirect("manage-payments", market.slug)


@require_POST
@for_managers
def check(request: HttpRequest, market: Market, attempt_id: int) -> HttpResponse:
    """Ask Stripe what has become of one payment of this market."""
    own = PaymentAttempt.objects.filter(order__pickup__day__market=market)
    attempt = get_object_or_404(own, pk=attempt_id)
    try:
        attempt = reconcile(attempt.pk, patient=False)
    except StripeError as error:
        return _no_answer(request, market, error)
    messages.success(request, _("Stripe says: %(state)s.") % {"state": attempt.get_state_display()})
    return redirect("manage-payments", market.slug)


@require_POST
@for_managers
def retry(request: HttpRequest, market: Market, instruction_id: int) -> HttpResponse:
    """Have something asked again that Stripe refused."""
    own = Instruction.objects.filter(attempt__order__pickup__day__market=market)
    if retry_instruction(get_object_or_404(own, pk=instruction_id).pk, by=manager_of(request)):
        messages.success(request, _("What is owed was worked out again. Stripe is asked within a minute."))
    else:
        messages.info(request, _("This request was tried again already."))
    return redirect("manage-payments", market.slug)


def _no_answer(request: HttpRequest, market: Market, error: StripeError) -> HttpResponse:
    logger.warning("Stripe gave no answer to a manager: %s %s", type(error).__name__, error)
    messages.error(request, _("Stripe gave no answer that helps. Nothing has changed: try again later."))
    return redirect("manage-payments", market.slug)
