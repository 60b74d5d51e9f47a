"""What the tests of the residents' pages share: a market with an open day, and pages read in the source's language."""

from __future__ import annotations

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from marche.markets.models import Market, MarketDay
from tests import cast


@pytest.fixture
def client() -> Client:
    """A visitor who reads English: a test does not hang on the wording of a translation."""
    visitor = Client()
    visitor.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return visitor


@pytest.fixture(autouse=True)
def tuesday(clock: time_machine.Traveller) -> None:
    """Orders for Saturday 28 November are open, whatever a test asks for."""


@pytest.fixture
def market() -> Market:
    return cast.beauvais()


@pytest.fixture
def day(market: Market) -> MarketDay:
    return cast.saturday(market)
