"""From a market's weekly habit to the times of one date, and the public holidays of France."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

import holidays

from marche.markets.models import Market


@dataclass(frozen=True)
class DayTimes:
    """The four aware times of a market day."""

    opens_at: dt.datetime
    closes_at: dt.datetime
    starts_at: dt.datetime
    ends_at: dt.datetime


def dates_ahead(market: Market, today: dt.date) -> list[dt.date]:
    """The dates on which this market is held, from `today` on, for as many weeks as it makes ahead."""
    first = today + dt.timedelta(days=(market.weekday - today.weekday()) % 7)
    return [first + dt.timedelta(weeks=week) for week in range(market.weeks_ahead)]


def times_on(market: Market, date: dt.date) -> DayTimes:
    """The times of the market day of `date`: wall-clock times of the place, whatever the clocks did that week."""
    closes_before = (market.weekday - market.closes_weekday) % 7
    opens_before = (market.weekday - market.opens_weekday) % 7
    closes_at = market.at(date - dt.timedelta(days=closes_before), market.closes_time)
    opens_at = market.at(date - dt.timedelta(days=opens_before), market.opens_time)
    if opens_at >= closes_at:
        opens_at = market.at(date - dt.timedelta(days=opens_before + 7), market.opens_time)
    return DayTimes(opens_at, closes_at, market.at(date, market.starts), market.at(date, market.ends))


def slot_times(market: Market, times: DayTimes) -> list[tuple[dt.datetime, dt.datetime]]:
    """The beginnings and ends of the slots of a day; a last one that would be cut short is left out."""
    step = dt.timedelta(minutes=market.slot_minutes)
    # In UTC, so that half an hour is half an hour on any night.
    start, end = times.starts_at.astimezone(dt.UTC), times.ends_at.astimezone(dt.UTC)
    count = (end - start) // step
    return [(start + step * i, start + step * (i + 1)) for i in range(count)]


def public_holiday(date: dt.date) -> str:
    """The French name of the public holiday on `date`, or nothing (Code du travail, art. L3133-1)."""
    return str(_french_holidays().get(date, ""))


@cache
def _french_holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("FR", language="fr")
