"""A farm and a beekeeper on a market that takes cards, and a Stripe that moves no money."""

from __future__ import annotations

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from marche.markets.models import Market
from producers.models import Producer
from tests import cast
from tests.producers.people import signed_in
from tests.stripe import TILL


@pytest.fixture
def market(clock: time_machine.Traveller, db: None) -> Market:
    """Takes cards with the till “beauvais”."""
    return cast.beauvais(till=TILL)


@pytest.fixture
def farm(market: Market) -> Producer:
    return cast.ferme_du_ru(market)


@pytest.fixture
def rucher(market: Market) -> Producer:
    return cast.le_rucher(market)


@pytest.fixture
def claire(farm: Producer) -> Client:
    """The farm's member, signed in, reading the language of the source."""
    return signed_in(farm.partner.users.get())


@pytest.fixture
def manager(market: Market) -> User:
    person = cast.member("denis@example.org")
    market.managers.add(person)
    return person
