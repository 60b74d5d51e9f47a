"""The days of a market, for its managers."""

from __future__ import annotations

import datetime as dt

from django.shortcuts import get_object_or_404

from marche.markets.guard import for_managers as for_managers
from marche.markets.guard import manager_of as manager_of
from marche.markets.models import Market, MarketDay


def day_of(market: Market, date: dt.date) -> MarketDay:
    """The day of this market on this date; else Http404."""
    day = get_object_or_404(MarketDay, market=market, date=date)
    day.market = market
    return day
