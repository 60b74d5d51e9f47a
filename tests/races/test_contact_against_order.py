"""A contact is saved in one tab while the order is placed in another: the basket stays ordered, and no page fails.

The race is first shown to be one: a row that is saved whole, as it was read before, opens the basket again.
"""

from __future__ import annotations

from functools import partial

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from orders.actions.keep_contact import keep_contact
from orders.models import DayBasket, Pickup
from producers.models import Listing
from tests import cast
from tests.races.threads import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.usefixtures("clock")]
BASKETS = 25


@pytest.fixture
def carrots() -> Listing:
    market = cast.beauvais(slot_capacity=100)
    return cast.listing(cast.carrots(cast.ferme_du_ru(market)), cast.saturday(market), quantity=100)


def browser_of(basket: DayBasket) -> Client:
    client = Client(raise_request_exception=False)
    client.cookies[settings.BASKET_COOKIE_NAME] = basket.visitor
    return client


def post(basket: DayBasket, page: str, values: dict[str, str]) -> int:
    return browser_of(basket).post(reverse(page, args=[basket.pk]), values).status_code


def test_contacts_saved_while_orders_are_placed_leave_every_basket_ordered(carrots):
    baskets = [cast.basket_of({carrots: 1}, name=f"Résident {i}") for i in range(BASKETS)]
    typed = {"slot": str(carrots.day.slots.all()[0].pk), "name": "Odette", "phone": "03 53 01 01 02", "email": ""}
    typed |= {"shortage": "leave-out", "note": ""}
    pressed = {basket.pk: cast.button(basket) for basket in baskets}

    for basket in baskets:
        statuses = together(
            partial(post, basket, "contact", typed),
            partial(post, basket, "place", pressed[basket.pk]),
            partial(post, basket, "contact", typed),
        )
        assert statuses == [302, 302, 302]

    assert Pickup.objects.count() == BASKETS
    assert not DayBasket.objects.filter(open=True).exists()
    again = {post(basket, "place", pressed[basket.pk]) for basket in baskets}
    assert again == {302}
    assert Pickup.objects.count() == BASKETS


def test_what_is_typed_after_the_order_changes_nothing(carrots):
    basket = cast.basket_of({carrots: 1})
    cast.order(basket)

    assert not keep_contact(basket.pk, values={"name": "Odette"})
    basket.refresh_from_db()
    assert (basket.name, basket.open) == ("Léa Dumont", False)


def test_only_what_belongs_to_a_contact_is_written(carrots):
    basket = cast.basket_of({carrots: 1})

    with pytest.raises(ValueError, match="open"):
        keep_contact(basket.pk, values={"open": True})


class TestWithoutTheVerb:
    """The same with the row read and saved whole."""

    def test_a_basket_that_is_saved_whole_is_open_again_after_its_order(self, carrots):
        basket = cast.basket_of({carrots: 1})
        seen = DayBasket.objects.get(pk=basket.pk)
        cast.order(basket)

        seen.save()

        assert DayBasket.objects.get(pk=basket.pk).open
