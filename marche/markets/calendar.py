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
    """The times of the market day of `date`: wall-clock times of the place, whatever the clocks did that week.

    Orders close at the last closing time before the market starts, and open at the last opening time before that.
    """
    starts_at = market.at(date, market.starts)
    closes_at = _last(market, market.closes_weekday, market.closes_time, date)
    if closes_at > starts_at:
        closes_at = _last(market, market.closes_weekday, market.closes_time, date - dt.timedelta(weeks=1))
    opens_at = _last(market, market.opens_weekday, market.opens_time, closes_at.date())
    if opens_at >= closes_at:
        opens_at = _last(market, market.opens_weekday, market.opens_time, closes_at.date() - dt.timedelta(weeks=1))
    return DayTimes(opens_at, closes_at, starts_at, market.at(date, market.ends))


def _last(market: Market, weekday: int, time: dt.time, date: dt.date) -> dt.datetime:
    """This time of the last such weekday up to `date`, itself included."""
    return market.at(date - dt.timedelta(days=(date.weekday() - weekday) % 7), time)


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
