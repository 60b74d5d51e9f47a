"""The Tuesday of the market's week, and what is on the stalls."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from marche.markets.models import MarketDay
from producers.models import Listing
from tests import cast


@pytest.fixture
def tuesday() -> Iterator[None]:
    """Orders for Saturday are open."""
    with time_machine.travel(cast.OPEN_TIME, tick=False):
        yield


@pytest.fixture
def day(tuesday: None, db: None) -> MarketDay:
    return cast.saturday(cast.beauvais())


@pytest.fixture
def carrots(day: MarketDay) -> Listing:
    """3.75 € a kilogram by 500 g: 10 steps."""
    return cast.listing(cast.carrots(cast.ferme_du_ru(day.market)), day, price_cents=375, quantity=10)


@pytest.fixture
def honey(day: MarketDay) -> Listing:
    """8.50 € a jar of 500 g: 3 jars, from a producer without VAT."""
    return cast.listing(cast.honey(cast.le_rucher(day.market)), day, price_cents=850, quantity=3)
