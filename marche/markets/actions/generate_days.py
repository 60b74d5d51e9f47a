"""Make a market's coming days and their slots from its weekly habit."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from marche.markets.calendar import dates_ahead, public_holiday, slot_times, times_on
from marche.markets.models import Market, MarketDay, Slot


def generate_days(market_id: int, *, today: dt.date | None = None) -> list[MarketDay]:
    """Make what is missing of the days ahead of `today` (default: the market's own today) and return what was made.

    Safe to run twice, also at once: a day that exists is left as it is, whoever made or changed it. Of a
    date from which its day was moved away, no second one is made. Raises Market.DoesNotExist.
    """
    market = Market.objects.get(pk=market_id)
    today = today or timezone.now().astimezone(market.zone).date()
    return [day for date in dates_ahead(market, today) if (day := _make(market, date))]


def _make(market: Market, date: dt.date) -> MarketDay | None:
    if MarketDay.objects.filter(market=market, moved_from=date).exists():
        return None
    times, holiday = times_on(market, date), public_holiday(date)
    with transaction.atomic(durable=True):
        day, made = MarketDay.objects.get_or_create(
            market=market,
            date=date,
            defaults={
                **asdict(times),
                "order_cap": market.order_cap,
                "holiday": holiday,
                "holiday_decision": MarketDay.HolidayDecision.PENDING if holiday else "",
            },
        )
        if not made:
            return None
        Slot.objects.bulk_create(
            Slot(day=day, starts_at=start, ends_at=end, capacity=market.slot_capacity)
            for start, end in slot_times(market, times)
        )
    return day
