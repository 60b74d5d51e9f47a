"""The Tuesday of the market's week, and what is on the stalls."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import time_machine
from django.contrib.auth.models import User

from marche.common.actors import Actor
from marche.markets.models import MarketDay
from orders.actions.cancel_order import cancel_order
from orders.actions.close_day import close_day
from orders.models import Summary
from producers.models import Listing
from tests import cast


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
def goods(day: MarketDay) -> dict[str, Listing]:
    """Carrots and weighed chicken of the farm, honey of the beekeeper."""
    farm, rucher = cast.ferme_du_ru(day.market), cast.le_rucher(day.market)
    return {
        "carrots": cast.listing(cast.carrots(farm), day),
        "chicken": cast.listing(cast.chicken(farm), day, price_cents=980),
        "honey": cast.listing(cast.honey(rucher), day, price_cents=850),
    }


@pytest.fixture
def grower(db: None) -> User:
    """Notes what is prepared and handed over."""
    return cast.member("grower@example.org")


@pytest.fixture
def close(day: MarketDay, clock: time_machine.Traveller) -> Callable[[], None]:
    """Thursday noon has passed: the day closes, and its producers get their summaries."""

    def closed() -> None:
        clock.move_to(cast.AFTER_CUTOFF)
        assert close_day(day.pk)

    return closed


@pytest.fixture
def summary(carrots: Listing, close: Callable[[], None]) -> Summary:
    """Of the Ferme du Ru: Léa comes first with three bags of carrots, then Odette with two and a chicken."""
    chicken = cast.listing(cast.chicken(carrots.producer), carrots.day, price_cents=1290)
    slots = list(carrots.day.slots.all())
    cast.placed_order({carrots: 3}, slot=slots[0])
    cast.placed_order({carrots: 2, chicken: 1}, slot=slots[1], **cast.ODETTE)
    close()
    return Summary.objects.get()


@pytest.fixture
def second(summary: Summary, carrots: Listing) -> Summary:
    """The next revision: Odette's order was cancelled."""
    late = carrots.day.pickups.get(name=cast.ODETTE["name"])
    cancel_order(late.pk, reason="The resident is ill.", by=Actor.manager())
    return Summary.objects.get(revision=2)
