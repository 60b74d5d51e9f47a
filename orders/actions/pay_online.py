"""A resident goes to Stripe's page to pay an order that waits for it."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from marche.common.refusals import Problem, Refused
from marche.payments.actions.reconcile import reconcile
from marche.payments.capture_or_refund import SMALLEST_CENTS
from marche.payments.gateway import Gateway
from marche.payments.hold import is_on_hold
from marche.payments.locks import lock_live_attempt, lock_payment
from marche.payments.models import PaymentAttempt
from marche.payments.record import record_and_follow
from marche.payments.refusals import RefusedError, StripeError
from marche.payments.tills import till_of
from orders.locks import lock_pickup
from orders.models import Pickup
from orders.steps.follow_payment import follow
from orders.steps.pay_by_card import new_attempt, owed_by_card

logger = logging.getLogger(__name__)
SOONEST = dt.timedelta(minutes=30)  # before it expires, a page can be opened


def pay_online(pickup_id: int) -> str:
    """The address of the page on which this order is paid. Asked again, also by another tab, it is the same page.

    Raises Refused when the order waits for no payment (any more), or when Stripe can't be reached or says no: the order
    stays as it is, to be paid otherwise. Raises Pickup.DoesNotExist.
    """
    with transaction.atomic(durable=True):
        attempt = _attempt_of(lock_pickup(pickup_id))
    if attempt.on_expiry == PaymentAttempt.OnExpiry.AGAIN:
        _close(attempt)
        return pay_online(pickup_id)
    if attempt.session_url:
        return attempt.session_url
    if is_on_hold():
        raise Refused(_no_answer())
    try:
        seen = Gateway.of(attempt.till, patient=False).open_session(attempt.key, attempt.parameters)
    except RefusedError as refusal:
        _give_up(attempt.pk, refusal)
        if attempt.expires_at < timezone.now() + SOONEST:  # it was written too long ago, and never opened
            return pay_online(pickup_id)
        raise Refused(Problem("no-card", _no_card())) from refusal
    except StripeError as error:
        PaymentAttempt.objects.filter(pk=attempt.pk).update(problem=error.code)
        logger.warning("attempt %s was not opened: %s", attempt.pk, error)
        raise Refused(_no_answer()) from error
    with transaction.atomic(durable=True):
        pickup, attempt = lock_payment(attempt.pk)
        record_and_follow(pickup, attempt, seen)
    if not pickup.is_pending:  # cancelled meanwhile, or paid in another tab
        raise Refused(_not_pending())
    return seen.url


def _close(attempt: PaymentAttempt) -> None:
    """Its page asks for more than is owed by now: nobody is to pay there any more."""
    try:
        is_over = not reconcile(attempt.pk, patient=False, end=True).is_waiting
    except StripeError as error:
        logger.warning("attempt %s was not ended: %s", attempt.pk, error)
        raise Refused(_no_answer()) from error
    if not is_over:
        raise Refused(_no_answer())


def _give_up(attempt_id: int, refusal: RefusedError) -> None:
    """Stripe refused to open the page: this attempt has come to nothing, the order waits for another one."""
    logger.error("Stripe refused attempt %s: %s", attempt_id, refusal)
    with transaction.atomic(durable=True):
        pickup, attempt = lock_payment(attempt_id)
        if attempt.state == PaymentAttempt.State.NEW:
            attempt.state, attempt.ended_at, attempt.problem = (
                PaymentAttempt.State.EXPIRED,
                timezone.now(),
                refusal.code,
            )
            attempt.save(update_fields=["state", "ended_at", "problem"])
            if attempt.on_expiry == PaymentAttempt.OnExpiry.STALL:  # as the resident has wished
                follow(pickup, attempt)


def _not_pending() -> Problem:
    return Problem("not-pending", _("This order waits for no payment."))


def _no_answer() -> Problem:
    return Problem("stripe-down", _("The payment service doesn’t answer. Your order is kept."))


def _no_card() -> str:
    return _("This order can’t be paid by card. You can pay at the stalls.")


def _attempt_of(pickup: Pickup) -> PaymentAttempt:
    """The attempt of an order that is locked; a new one when none is live.

    Once lines were taken off, one that asks for more than is owed is marked to be tried again.
    """
    if not pickup.is_pending:
        raise Refused(_not_pending())
    shares = owed_by_card(pickup)
    live, till = lock_live_attempt(pickup.pk), till_of(pickup.market)
    is_too_little = sum(shares.values()) < SMALLEST_CENTS
    if live is None and till and not is_too_little:
        return new_attempt(pickup, till.name, shares)
    if live is None or is_too_little:
        raise Refused(Problem("no-card", _no_card()))
    if live.amount_cents > sum(shares.values()) and live.on_expiry == PaymentAttempt.OnExpiry.CANCEL:
        live.on_expiry = PaymentAttempt.OnExpiry.AGAIN
        live.save(update_fields=["on_expiry"])
    return live
