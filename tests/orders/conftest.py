"""The Tuesday of the market's week, and what is on the stalls."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine

from marche.markets.models import MarketDay
from orders.actions.close_day import close_day
from producers.models import Listing
from tests import cast
from tests.orders.manage_cast import AFTER_CUTOFF


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Tuesday, while orders for Saturday are open; a test moves on."""
    with time_machine.travel(cast.OPEN_TIME, tick=False) as traveller:
        yield traveller


@pytest.fixture
def tuesday(clock: time_machine.Traveller) -> None:
    """Orders for Saturday are open."""


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


@pytest.fixture
def close(day: MarketDay, clock: time_machine.Traveller) -> Callable[[], None]:
    """Thursday noon has passed: the day closes, and its producers get their summaries."""

    def closed() -> None:
        clock.move_to(AFTER_CUTOFF)
        assert close_day(day.pk)

    return closed
