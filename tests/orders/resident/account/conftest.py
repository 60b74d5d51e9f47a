"""Léa and Odette, each with an account of their own, and what was ordered with it or before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.contrib.auth.models import User

from marche.markets.models import MarketDay
from tests.orders.resident.account.people import account_of


@pytest.fixture
def lea(db: None) -> User:
    return account_of("lea@example.org")


@pytest.fixture
def odette(db: None) -> User:
    return account_of("odette@example.org")


@pytest.fixture
def on_sunday(day: MarketDay) -> Callable[[], time_machine.travel]:
    """From here on it is the Sunday after the market: `with on_sunday(): …`."""
    return lambda: time_machine.travel(day.ends_at + dt.timedelta(days=1), tick=False)
