"""Léa and Odette, each with an account of their own, and what was ordered with it or before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from marche.markets.models import MarketDay
from orders.models import Pickup
from tests import cast


def account_of(email: str, *, proven: bool = True) -> User:
    """An account without a password, as the code of a mail makes it."""
    user = User(username=email, email=email)
    user.set_unusable_password()
    user.save()
    EmailAddress.objects.create(user=user, email=email, verified=proven, primary=True)
    return user


def browser_of(user: User) -> Client:
    """Signed in, reading English."""
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(user)
    return client


def ordered_by(user: User | None, basket, **changes) -> Pickup:
    return cast.order(basket, account_id=user and user.pk, **changes)


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
