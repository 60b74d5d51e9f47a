"""The orders of a market day that is not held are cancelled, one by one."""

from __future__ import annotations

import logging

from django.db import transaction

from marche.common.actors import Actor
from marche.markets.models import MarketDay
from orders.locks import lock_pickup
from orders.models import Pickup
from orders.steps.cancel import cancel_locked, cancel_locked_parts

logger = logging.getLogger(__name__)


def cancel_orders_of_day(day_id: int, *, by: Actor) -> int:
    """Cancel each order of a cancelled day, in a transaction of its own; of one that was collected in part, the rest.

    By state: run again, it goes on where it was. Returns how many orders were cancelled, whole or in part. One that
    fails does not keep the others from being cancelled. Raises MarketDay.DoesNotExist.
    """
    day = MarketDay.objects.get(pk=day_id)
    if not day.cancelled_at:
        return 0
    done = 0
    for pk in Pickup.objects.to_cancel().filter(day=day).order_by("number").values_list("pk", flat=True):
        try:
            done += _cancel(pk, day.cancel_reason, by)
        except Exception:
            logger.exception("order %s of a cancelled day could not be cancelled", pk)
    return done


def _cancel(pickup_id: int, reason: str, by: Actor) -> bool:
    with transaction.atomic(durable=True):
        pickup = lock_pickup(pickup_id)
        left = list(pickup.parts.uncollected())
        if pickup.is_cancelled or not left:
            return False
        if pickup.parts.collected().exists():
            cancel_locked_parts(pickup, left, reason=reason, by=by)
        else:
            cancel_locked(pickup, reason=reason, by=by)
    return True
