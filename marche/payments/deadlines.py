"""When a payment is captured: until then what an order comes to can be corrected."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from marche.markets.models import MarketDay

BEFORE_IT_ENDS = dt.timedelta(hours=24)  # before an authorisation ends, what is known to be due is captured


def capture_time(day: MarketDay, capture_before: dt.datetime | None = None) -> dt.datetime:
    """When a payment is captured: once a weight, a line or a hand-over noted by mistake had its time to be put right.

    That is CARD_CORRECTION_HOURS after the market's end, and a day before the authorisation ends (`capture_before`) if
    that is sooner. Whatever is noted before counts alike, up or down; afterwards what is owed can only become less.
    """
    last = day.ends_at + correction_time()
    return min(last, capture_before - BEFORE_IT_ENDS) if capture_before else last


def correction_time() -> dt.timedelta:
    """How long after a market's end what is owed by card can be corrected; negative where it ends sooner."""
    return dt.timedelta(hours=settings.CARD_CORRECTION_HOURS)
