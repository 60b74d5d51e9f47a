"""An order is placed as its page showed it, or refused with what has changed since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from marche.markets.models import Slot
from orders.actions.set_quantity import write_lines
from orders.models import DayBasket, Pickup
from orders.presenters.basket import Item, contents_of
from producers.models import Listing
from tests.orders.resident.checkout.forms import confirm, send_contact
from tests.pages import words

pytestmark = pytest.mark.django_db


NOT_OURS = ["", "abc", "563", "[]", "{}", "null", "[" * 100_000, '{"lines":[1],"slot":1,"begin":1}', '{"lines":[{}]}']
NOT_OURS += ['{"lines":[],"slot":-1,"begin":0}', '{"lines":[],"slot":1,"begin":9e99}', "9" * 5_000]


@pytest.mark.parametrize("shown", NOT_OURS)
def test_a_button_that_no_page_of_ours_showed_orders_nothing(lea, basket, shown):
    response = confirm(lea, basket, shown=shown)

    assert response.status_code == 409
    assert "Look at your order once more before you confirm it." in words(response)
    assert not Pickup.objects.exists()


def test_a_page_that_lies_about_its_line_orders_nothing(lea, basket):
    line = '"sheet_id":%d,"title":"\\ud800","seller":"","quantity":1,"price_cents":1,"unit":"piece"'
    lying = '{"lines":[{' + line % contents_of(basket).items[0].listing.sheet_id + '}],"slot":1,"begin":1}'

    assert confirm(lea, basket, shown=lying).status_code == 409


def pressed_after(client: Client, basket: DayBasket, change: Callable[[], object]) -> str:
    """The words of the answer when the offer changes between the page and the press of its button."""
    send_contact(client, basket)
    page = client.get(reverse("verify", args=[basket.pk]))
    change()
    response = client.post(reverse("place", args=[basket.pk]), {"shown": page.context["shown"]})
    assert response.status_code == 409
    assert not Pickup.objects.exists()
    return words(response)


def test_a_pack_that_became_smaller_at_the_same_price_is_refused_and_named(lea, basket, honey):
    write_lines(basket, [Item(honey, 2)])

    said = pressed_after(lea, basket, lambda: Listing.objects.filter(pk=honey.pk).update(net_grams=250))

    assert "Miel d’acacia: it was 2 × 500 g, €17.00, it is now 2 × 250 g, €17.00." in said
    assert "This page is up to date now: if it suits you, confirm once more." in said


def test_after_the_refusal_the_new_page_can_be_confirmed(lea, basket):
    pressed_after(lea, basket, lambda: Listing.objects.update(price_cents=400))

    assert confirm(lea, basket)["Location"] == Pickup.objects.get().get_absolute_url()


def test_a_slot_chosen_in_another_tab_is_refused_and_named(lea, basket):
    other = basket.day.slots.all()[1]

    said = pressed_after(lea, basket, lambda: DayBasket.objects.update(slot=other))

    assert "The slot is now between 8:30 and 9:00" in said


def test_a_slot_whose_hours_moved_is_refused_and_named(lea, basket):
    later = dt.timedelta(hours=5)

    said = pressed_after(
        lea, basket, lambda: Slot.objects.update(starts_at=F("starts_at") + later, ends_at=F("ends_at") + later)
    )

    assert "The slot is now between 13:00 and 13:30" in said
