"""Orders whose time to pay is over: their pages are closed, and what Stripe says then decides."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from marche.common.language import in_town_language
from marche.payments.hold import is_held
from marche.payments.models import PaymentAttempt
from marche.payments.refusals import StripeError, UnreachableError
from orders.actions.reconcile import reconcile
from orders.locks import lock_pickup
from orders.models import Actor, Pickup
from orders.steps.cancel import cancel_locked

logger = logging.getLogger(__name__)

ASK_AGAIN = dt.timedelta(minutes=10)  # while nobody tells us anything
MOST = 50  # attempts in one run; the next minute goes on


def expire_payments() -> int:
    """Ask Stripe about each attempt whose time is over, or of which nothing was heard for ten minutes.

    A timer alone frees nothing: without an answer an order goes on waiting. Returns how many were due. One that fails
    does not keep the others waiting; but when Stripe is silent the others wait for the next minute, and that one is
    the last then: to wait for each of them would keep a worker from all else.
    """
    if is_held():  # after a restore: a page may have been opened, and paid, of which we know nothing
        return 0
    now = timezone.now()
    quiet = Q(asked_at__lte=now - ASK_AGAIN) | Q(asked_at=None, made_at__lte=now - ASK_AGAIN)
    over = Q(expires_at__lte=now) | Q(on_expiry=PaymentAttempt.OnExpiry.STALL)
    waiting = PaymentAttempt.objects.waiting().filter(quiet | over)
    due = waiting.order_by(F("asked_at").asc(nulls_first=True), "pk")[:MOST]
    for attempt in due:
        try:
            is_over = attempt.expires_at <= now or attempt.on_expiry == PaymentAttempt.OnExpiry.STALL
            reconcile(attempt.pk, end=is_over)
        except StripeError as error:
            logger.warning("attempt %s: Stripe gave no answer: %s", attempt.pk, error)
            said = (error.sentence or error.code)[:300]
            PaymentAttempt.objects.filter(pk=attempt.pk).update(problem=said, asked_at=now)
            if isinstance(error, UnreachableError):
                break
        except Exception:
            logger.exception("attempt %s could not be reconciled", attempt.pk)
    _release_unopened(now)
    return len(due)


def _release_unopened(now: dt.datetime) -> None:
    """Orders that wait without any page on which they could be paid: Stripe refused to open one."""
    live = PaymentAttempt.objects.live().values("order")
    left = Pickup.objects.filter(to_be_paid_by__lte=now, cancelled_at=None).exclude(order__in=live)
    for pk in left.values_list("pk", flat=True):
        with transaction.atomic(durable=True):
            pickup = lock_pickup(pk)
            if pickup.is_pending and not PaymentAttempt.objects.live().filter(order=pk).exists():
                with in_town_language():
                    cancel_locked(pickup, actor=Actor.SYSTEM, reason=_("It was not paid in time"))
