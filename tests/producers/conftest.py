"""The Tuesday of the market's week, a farm with a stall, and its member who has signed in."""

from __future__ import annotations

import pytest
from django.test import Client

from marche.markets.models import MarketDay
from producers.models import Producer
from tests import cast
from tests.producers.people import signed_in


@pytest.fixture
def day(tuesday: None, db: None) -> MarketDay:
    return cast.saturday(cast.beauvais())


@pytest.fixture
def farm(day: MarketDay) -> Producer:
    return cast.ferme_du_ru(day.market)


@pytest.fixture
def rucher(day: MarketDay) -> Producer:
    return cast.le_rucher(day.market)


@pytest.fixture
def claire(farm: Producer) -> Client:
    """The farm's member, signed in, reading the language of the source."""
    return signed_in(farm.partner.users.get())
