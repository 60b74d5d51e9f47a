"""Léa has an address and Odette has none; their market day is cancelled."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from marche.common.actors import Actor
from marche.markets.models import MarketDay
from orders.actions.cancel_day import cancel_day
from orders.actions.cancel_orders_of_day import cancel_orders_of_day
from orders.models import Pickup
from producers.models import Listing
from tests import cast
from tests.orders.manager.calls.lists import STORM
from tests.orders.manager.people import claire


@pytest.fixture
def lea(carrots: Listing) -> Pickup:
    return cast.placed_order({carrots: 1})


@pytest.fixture
def odette(carrots: Listing) -> Pickup:
    return cast.placed_order({carrots: 1}, **cast.ODETTE)


@pytest.fixture
def manager(day: MarketDay) -> User:
    return claire(day.market)


@pytest.fixture
def cancelled(day: MarketDay, lea: Pickup, odette: Pickup) -> MarketDay:
    """The day is cancelled, with its orders."""
    cancel_day(day.pk, reason=STORM, by=Actor.manager())
    cancel_orders_of_day(day.pk, by=Actor.manager())
    return day
