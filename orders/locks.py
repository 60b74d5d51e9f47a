"""Every row lock of this app; the order of all locks stands in marche/common/lock_order.py.

The first and the last locks of an order are updates that decide, write and read in one statement.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from django.contrib.auth.models import User
from django.db.models import F, Model, QuerySet

from marche.markets.models import MarketDay, Slot
from orders.models import Call, DayBasket, Pickup, ProducerOrder, Summary


def _columns(model: type[Model]) -> str:
    """By their names: a kept plan of "*" would fail once, when a migration adds a column under a running process."""
    return ", ".join(f'{model._meta.db_table}."{field.column}"' for field in model._meta.concrete_fields)


_CLOSE_BASKET = f"""
UPDATE orders_daybasket SET open = false WHERE basket_id = %s AND open
RETURNING {_columns(DayBasket)},
    (SELECT count(*) FROM basket_line WHERE basket_line.basket_id = orders_daybasket.basket_id) AS line_count,
    (SELECT id FROM auth_user WHERE id = %s FOR SHARE) AS owner_id
"""  # noqa: S608  (names of our own columns)
_TAKE_NUMBER = f"""
UPDATE markets_marketday
SET orders_count = orders_count + 1, last_number = last_number + 1, catalogue_version = catalogue_version + %s
WHERE id = %s AND closed_at IS NULL AND cancelled_at IS NULL AND holiday_decision <> 'pending'
    AND opens_at <= %s AND closes_at > %s AND orders_count < order_cap
    AND EXISTS (SELECT FROM markets_market WHERE markets_market.id = market_id AND active)
RETURNING {_columns(MarketDay)}
"""  # noqa: S608  (names of our own columns)


def close_basket(basket_id: int, user_id: int | None = None) -> DayBasket | None:
    """Close this basket and lock it, with `line_count`; None when it was closed before. A second click waits here.

    Then lock the account of `user_id`, so that nobody erases it meanwhile: `owner_id`, or None if it is gone.
    """
    return next(iter(DayBasket.objects.raw(_CLOSE_BASKET, [basket_id, user_id])), None)


def lock_open_basket(visitor: str, day_id: int) -> DayBasket | None:
    """Lock the open basket that this visitor has for this day until the transaction ends.

    None when there is none; having waited for its order to be placed, it is none either.
    """
    rows = DayBasket.objects.filter(visitor=visitor, day=day_id, open=True)
    return rows.select_for_update(no_key=True, of=("self",)).first()


def lock_basket(basket_id: int) -> DayBasket | None:
    """Hold this basket, read with its day and market; None when it was ordered meanwhile, or is gone."""
    rows = DayBasket.objects.filter(pk=basket_id, open=True).select_related("day__market")
    return rows.select_for_update(no_key=True, of=("self",)).first()


def take_number(day_id: int, now: dt.datetime, *, catalogue_changes: bool) -> MarketDay | None:
    """Count one more order on this day and give it the next number (`last_number`); lock the day.

    None when the day takes no order at the aware time `now`, or none any more. A closing that came first is seen even
    when this statement had to wait for it: PostgreSQL looks at the condition again.
    """
    return next(iter(MarketDay.objects.raw(_TAKE_NUMBER, [int(catalogue_changes), day_id, now, now])), None)


def reserve_slot(slot_id: int, begins_at: dt.datetime) -> bool:
    """Take one place of this slot and lock it; False when it is full, or does not begin then any more."""
    slots = Slot.objects.filter(pk=slot_id, starts_at=begins_at, reserved__lt=F("capacity"))
    return bool(slots.update(reserved=F("reserved") + 1))


def lock_pickup(pickup_id: int) -> Pickup:
    """Lock this pickup and Oscar's order until the transaction ends. Raises Pickup.DoesNotExist.

    Having waited, PostgreSQL reads again only what is locked: the order too, which Oscar saves whole.
    """
    return (
        Pickup.objects.select_for_update(no_key=True, of=("self", "order"))
        .select_related("order", "day__market", "slot")
        .get(pk=pickup_id)
    )


def lock_part(part_id: int) -> ProducerOrder:
    """Lock the pickup of this part until the transaction ends, and read the part. Raises DoesNotExist.

    It is the pickup that is locked, as by whoever cancels: an order is handed over or cancelled, never both.
    """
    pickup = lock_pickup(ProducerOrder.objects.values_list("pickup", flat=True).get(pk=part_id))
    part = ProducerOrder.objects.select_related("producer__partner").get(pk=part_id)
    part.pickup = pickup
    return part


def lock_account(user_id: int) -> User | None:
    """Lock this person's account until the transaction ends: no order is placed for it. None if it is gone."""
    return User.objects.select_for_update(no_key=True).filter(pk=user_id).first()


def lock_pickups(ids: Iterable[int]) -> list[Pickup]:
    """Lock these pickups, by primary key, until the transaction ends."""
    rows = Pickup.objects.filter(pk__in=list(ids)).select_related("day__market")
    return list(rows.order_by("pk").select_for_update(no_key=True, of=("self",)))


def lock_summaries(summaries: QuerySet[Summary]) -> list[Summary]:
    """Lock these summaries, by primary key and after their days, until the transaction ends."""
    return list(summaries.order_by("pk").select_for_update(no_key=True, of=("self",)))


def lock_free_baskets(baskets: QuerySet[DayBasket]) -> list[DayBasket]:
    """Lock those of these baskets that nobody else has locked: one that is just being ordered is not waited for."""
    return list(baskets.order_by("pk").select_for_update(no_key=True, of=("self",), skip_locked=True))


def lock_drafts(drafts: QuerySet[DayBasket]) -> list[DayBasket]:
    """Lock these baskets, by primary key, until the transaction ends.

    Asked again under the lock: one that a visitor came back to in this very moment is not among them.
    """
    return list(drafts.order_by("pk").select_for_update(no_key=True, of=("self",)))


def lock_calls(day_id: int, keys: Collection[str]) -> list[Call]:
    """Lock the calls of this day with these keys, by primary key, until the transaction ends."""
    found = [call.pk for call in Call.objects.filter(day=day_id) if call.key in keys]
    return list(Call.objects.filter(pk__in=found).order_by("pk").select_for_update(no_key=True, of=("self",)))
