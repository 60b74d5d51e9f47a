"""Orders whose time to pay is over: their pages are closed, and what Stripe says then decides."""

from __future__ import annotations

import datetime as dt
import logging

from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.utils import timezone

from marche.payments.actions.reconcile import reconcile
from marche.payments.hold import is_on_hold
from marche.payments.models import PaymentAttempt
from marche.payments.refusals import StripeError, UnreachableError

logger = logging.getLogger(__name__)

ASK_AGAIN = dt.timedelta(minutes=10)  # while nobody tells us anything
MOST = 50  # attempts in one run; the next minute goes on


def expire_payments() -> int:
    """Ask Stripe about each attempt whose time is over, or of which nothing was heard for ten minutes.

    A timer alone frees nothing: without an answer an order goes on waiting. Returns how many were due. One that fails
    does not keep the others waiting; but when Stripe is silent the others wait for the next minute, and that one is
    the last then: to wait for each of them would keep a worker from all else.
    """
    if is_on_hold():  # after a restore: a page may have been opened, and paid, of which we know nothing
        return 0
    now = timezone.now()
    quiet = Q(asked_at__lte=now - ASK_AGAIN) | Q(asked_at=None, made_at__lte=now - ASK_AGAIN)
    over = Q(expires_at__lte=now) | Q(on_expiry=PaymentAttempt.OnExpiry.STALL)
    waiting = PaymentAttempt.objects.waiting().filter(quiet | over)
    rows = waiting.annotate(is_over=ExpressionWrapper(over, BooleanField())).values_list("pk", "is_over")
    due = list(rows.order_by(F("asked_at").asc(nulls_first=True), "pk")[:MOST])
    for pk, is_over in due:
        try:
            reconcile(pk, end=is_over)
        except StripeError as error:
            logger.warning("attempt %s: Stripe gave no answer: %s", pk, error)
            said = (error.sentence or error.code)[:300]
            PaymentAttempt.objects.filter(pk=pk).update(problem=said, asked_at=now)
            if isinstance(error, UnreachableError):
                break
        except Exception:
            logger.exception("attempt %s could not be reconciled", pk)
    return len(due)
