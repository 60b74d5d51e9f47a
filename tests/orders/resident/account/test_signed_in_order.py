"""Ordering while signed in: the order is one's own at once, and the contact is known."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.actions.place_order import place_order
from orders.models import DayBasket, Pickup
from tests import cast
from tests.orders.resident.account.people import browser_of, ordered_by
from tests.pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def basket(carrots) -> DayBasket:
    return cast.basket_of({carrots: 1}, slot=None, name="", email="")


def with_basket(client: Client, basket: DayBasket) -> Client:
    client.cookies[settings.BASKET_COOKIE_NAME] = basket.visitor
    return client


def contact_page(client: Client, basket: DayBasket) -> str:
    return words(with_basket(client, basket).get(reverse("contact", args=[basket.pk])))


def test_an_order_placed_while_signed_in_is_ones_own_whatever_address_was_typed(lea, carrots):
    basket = cast.basket_of({carrots: 1}, email="mother@example.org")
    with_basket(browser_of(lea), basket).post(reverse("place", args=[basket.pk]), cast.button(basket))

    assert Pickup.objects.get().order.user == lea


def test_an_order_placed_as_a_guest_is_nobodys(client, carrots):
    basket = cast.basket_of({carrots: 1})
    with_basket(client, basket).post(reverse("place", args=[basket.pk]), cast.button(basket))

    assert Pickup.objects.get().order.user is None


def test_an_order_for_an_account_that_is_gone_becomes_a_guests(lea, carrots):
    gone = lea.pk
    lea.delete()

    pickup = cast.order(cast.basket_of({carrots: 1}), account_id=gone)

    assert (pickup.order.user_id, pickup.email) == (None, "lea@example.org")


def test_placing_while_signed_in_takes_no_statement_more(lea, carrots, honey):
    basket = cast.basket_of({carrots: 1, honey: 1})
    shown = cast.shown(basket)

    with CaptureQueriesContext(connection) as queries:
        place_order(basket.pk, shown=shown, terms_version="x", account_id=lea.pk)

    assert len([q for q in queries if "SAVEPOINT" not in q["sql"]]) == 12


def test_the_contact_begins_with_that_of_the_last_order(lea, carrots, basket):
    ordered_by(lea, cast.basket_of({carrots: 1}, name="Léa D.", phone="+33353010102"))

    page = contact_page(browser_of(lea), basket)

    assert 'value="Léa D."' in page
    assert 'value="lea@example.org"' in page
    assert "53010102" in page.replace(" ", "")


def test_without_an_order_it_begins_with_the_address_of_the_account(lea, basket):
    assert 'value="lea@example.org"' in contact_page(browser_of(lea), basket)


def test_what_the_basket_holds_already_stays(lea, carrots):
    basket = cast.basket_of({carrots: 1}, name="Somebody else", email="")

    page = contact_page(browser_of(lea), basket)

    assert 'value="Somebody else"' in page
    assert "lea@example.org" not in page


def test_a_guest_is_asked_as_before_with_no_query_more(client, basket, django_assert_max_num_queries):
    with_basket(client, basket)

    # Basket, its lines and listings, the slots for the field and for the page, and the basket in the head.
    with django_assert_max_num_queries(8) as asked:
        client.get(reverse("contact", args=[basket.pk]))
    assert not any("auth_user" in query["sql"] or "django_session" in query["sql"] for query in asked)
