"""Orders that wait for a payment which nobody can make any more are cancelled."""

from __future__ import annotations

import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from marche.common.actors import Actor
from marche.common.language import in_town_language
from marche.payments.hold import is_on_hold
from marche.payments.models import PaymentAttempt
from orders.locks import lock_pickup
from orders.models import Pickup
from orders.steps.cancel import cancel_locked

logger = logging.getLogger(__name__)


def cancel_unpaid() -> None:
    """Cancel the orders whose time is over and that have no page on which to be paid: Stripe refused to open one.

    Those that have a page are Stripe's to decide, see `expire_payments`. None while payments are on hold. One that
    can't be cancelled does not keep the others waiting.
    """
    if is_on_hold():  # after a restore: a page may have been opened, and paid, of which we know nothing
        return
    live = PaymentAttempt.objects.live()
    left = Pickup.objects.filter(to_be_paid_by__lte=timezone.now(), cancelled_at=None).order_by("pk")
    for pk in left.exclude(order__in=live.values("order")).values_list("pk", flat=True):
        try:
            _cancel(pk)
        except Exception:
            logger.exception("order %s was not paid, and could not be cancelled", pk)


def _cancel(pickup_id: int) -> None:
    with transaction.atomic(durable=True):
        pickup = lock_pickup(pickup_id)
        if pickup.is_pending and not PaymentAttempt.objects.live().filter(order=pickup_id).exists():
            with in_town_language():
                cancel_locked(pickup, by=Actor.system(), reason=_("It was not paid in time"))
