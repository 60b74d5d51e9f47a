"""The forms between a basket and its order, filled in and sent."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from orders.models import DayBasket
from tests import cast


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
