"""What a mail is about, read so that all times in it are those of the market's clocks."""

from __future__ import annotations

from marche.markets.here import keep_time_of
from marche.markets.models import MarketDay
from orders.models import Pickup


def read_pickup(pk: int) -> Pickup:
    """Raises Pickup.DoesNotExist."""
    pickup = Pickup.objects.with_related().get(pk=pk)
    keep_time_of(pickup.market)
    return pickup


def read_day(pk: int) -> MarketDay:
    """Raises MarketDay.DoesNotExist."""
    day = MarketDay.objects.select_related("market").get(pk=pk)
    keep_time_of(day.market)
    return day
