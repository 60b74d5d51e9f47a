"""Léa's browser, with a basket that she is about to order."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from orders.models import DayBasket
from producers.models import Listing
from tests import cast


@pytest.fixture
def basket(carrots: Listing) -> DayBasket:
    """Léa's basket, before she has said who she is."""
    return cast.basket_of({carrots: 3}, slot=None, name="", email="")


@pytest.fixture
def lea(client: Client, basket: DayBasket) -> Client:
    """Léa's browser, reading English."""
    client.cookies[settings.BASKET_COOKIE_NAME] = basket.visitor
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client
