"""Léa's browser, with a basket that she is about to order."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

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


def contact(basket: DayBasket, **changes: str) -> dict[str, str]:
    typed = {"slot": str(basket.day.slots.all()[0].pk), "name": "Léa Dumont", "email": "lea@example.org", "phone": ""}
    return typed | {"shortage": "leave-out", "note": ""} | changes


def send_contact(client: Client, basket: DayBasket, **changes: str):
    return client.post(reverse("contact", args=[basket.pk]), contact(basket, **changes))


def button(basket: DayBasket) -> dict[str, str]:
    """What the verification page carries now."""
    return cast.button(DayBasket.objects.get(pk=basket.pk))


def confirm(client: Client, basket: DayBasket, **changes: str):
    """Press the button of the verification page."""
    send_contact(client, basket)
    return client.post(reverse("place", args=[basket.pk]), button(basket) | changes)
