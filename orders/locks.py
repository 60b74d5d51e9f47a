"""Every row lock of this app; the order of all locks is told in marche/markets/locks.py.

The first and the last locks of an order are updates that decide, write and read in one statement.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import F, QuerySet

from marche.markets.models import MarketDay, Slot
from orders.models import DayBasket, Pickup, ProducerOrder

_CLOSE_BASKET = """
UPDATE orders_daybasket SET open = false WHERE basket_id = %s AND open
RETURNING *, (SELECT count(*) FROM basket_line WHERE basket_line.basket_id = orders_daybasket.basket_id) AS line_count
"""
_TAKE_NUMBER = """
UPDATE markets_marketday
SET orders_count = orders_count + 1, last_number = last_number + 1, catalogue_version = catalogue_version + %s
WHERE id = %s AND closed_at IS NULL AND cancelled_at IS NULL AND holiday_decision <> 'pending'
    AND opens_at <= %s AND closes_at > %s AND orders_count < order_cap
RETURNING *
"""


def close_basket(basket_id: int) -> DayBasket | None:
    """Close this basket and hold it, with `line_count`; None when it was closed before. A second click waits here."""
    return next(iter(DayBasket.objects.raw(_CLOSE_BASKET, [basket_id])), None)


def take_number(day_id: int, now: dt.datetime, *, catalogue_changes: bool) -> MarketDay | None:
    """Count one more order on this day and give it the next number (`last_number`); hold the day.

    None when the day takes no order at the aware time `now`, or none any more. A closing that came first is seen even
    when this statement had to wait for it: PostgreSQL looks at the condition again.
    """
    return next(iter(MarketDay.objects.raw(_TAKE_NUMBER, [int(catalogue_changes), day_id, now, now])), None)


def reserve_slot(slot_id: int) -> bool:
    """Take one place of this slot and hold it; False when it is full."""
    return bool(Slot.objects.filter(pk=slot_id, reserved__lt=F("capacity")).update(reserved=F("reserved") + 1))


def lock_pickup(pickup_id: int) -> Pickup:
    """Hold this pickup until the transaction ends. Raises Pickup.DoesNotExist."""
    return (
        Pickup.objects.select_for_update(no_key=True, of=("self",))
        .select_related("order", "day__market", "slot")
        .get(pk=pickup_id)
    )


def lock_part(part_id: int) -> ProducerOrder:
    """Hold the pickup of this part until the transaction ends, and read the part. Raises DoesNotExist.

    It is the pickup that is held, as by whoever cancels: an order is handed over or cancelled, never both.
    """
    pickup = lock_pickup(ProducerOrder.objects.values_list("pickup", flat=True).get(pk=part_id))
    part = ProducerOrder.objects.select_related("producer__partner").get(pk=part_id)
    part.pickup = pickup
    return part


def lock_drafts(drafts: QuerySet[DayBasket]) -> list[DayBasket]:
    """Hold these baskets, by primary key, until the transaction ends.

    Asked again under the lock: one that a visitor came back to in this very moment is not among them.
    """
    return list(drafts.order_by("pk").select_for_update(no_key=True, of=("self",)))
