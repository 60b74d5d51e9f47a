"""Every row lock of this app, in the order of marche/common/lock_order.py: the rows that all residents meet on last.

A transaction therefore has the row of the day locked, through which every order of the day goes, only for its last
statements. `no_key` lets rows that refer to a locked one be inserted meanwhile.
"""

from __future__ import annotations

from marche.markets.models import Market, MarketDay, Slot


def lock_day(day_id: int) -> MarketDay:
    """Lock this day until the transaction ends. Raises MarketDay.DoesNotExist."""
    return MarketDay.objects.select_for_update(no_key=True, of=("self",)).select_related("market").get(pk=day_id)


def lock_slot(slot_id: int) -> Slot:
    """Lock this slot until the transaction ends. Raises Slot.DoesNotExist."""
    return Slot.objects.select_for_update(no_key=True, of=("self",)).select_related("day").get(pk=slot_id)


def lock_slots(day_id: int) -> list[Slot]:
    """Lock the slots of this day, by primary key, until the transaction ends; returned by their beginning."""
    slots = Slot.objects.filter(day=day_id).order_by("pk").select_for_update(no_key=True)
    return sorted(slots, key=lambda slot: slot.starts_at)


def lock_market(market_id: int) -> Market:
    """Lock this market's habit until the transaction ends, before any of its days. Raises Market.DoesNotExist."""
    return Market.objects.select_for_update(no_key=True).get(pk=market_id)


def lock_coming_days(market: Market) -> list[MarketDay]:
    """Lock the days of this market that are not over, by primary key, until the transaction ends."""
    return list(MarketDay.objects.filter(market=market).coming().order_by("pk").select_for_update(no_key=True))
