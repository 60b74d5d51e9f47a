"""Numbers sent by the forms of the pages: what is refused keeps the number asked, with and without JavaScript."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from orders.models import DayBasket
from producers.models import Listing
from tests import cast
from tests.pages import words

pytestmark = pytest.mark.django_db

JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def _in_english(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"


def send(client: Client, listing: Listing, page: str, **fields):
    """Send the form of a product as it stands on `page`, and follow it back there."""
    here = {"Referer": f"http://testserver{page}"}
    return client.post(reverse("basket-line", args=[listing.pk]), fields, headers=here, follow=True)


def ask(client: Client, listing: Listing, **fields):
    """The same in the background."""
    return client.post(reverse("basket-line", args=[listing.pk]), fields, headers=JSON)


def held(listing: Listing) -> int:
    basket = DayBasket.objects.first()
    line = basket and basket.basket.lines.filter(product=listing.sheet_id).first()
    return line.quantity if line else 0


def fields(page: str, listing: Listing) -> tuple[str, str]:
    """What the form of a product sends: the number that the page knew, and the number of the field."""
    form = re.search(rf'action="/panier/{listing.pk}/" novalidate.*?</form>', page, re.DOTALL)
    assert form
    known = re.search(r'name="known" value="(\d+)"', form[0])
    number = re.search(r'<input (?:id="q\d+" value|type="number" name="q" value)="(\d*)"', form[0])
    assert known
    assert number
    return known[1], number[1]


@pytest.fixture
def pages(day, honey):
    """Where a number can be typed."""
    return {
        "day": day.get_absolute_url(),
        "search": f"{day.get_absolute_url()}?q=miel",
        "product": honey.get_absolute_url(),
        "producer": honey.producer.get_absolute_url(),
        "basket": reverse("basket"),
    }


@pytest.mark.parametrize("page", ["day", "search", "product", "producer", "basket"])
def test_the_form_sends_what_the_page_knew(client, honey, pages, page):
    send(client, honey, pages["day"], q="2", known="0")

    assert fields(words(client.get(pages[page])), honey) == ("2", "2")


@pytest.mark.parametrize("page", ["day", "search", "product", "producer", "basket"])
def test_seven_of_three_keeps_the_seven_and_offers_three(client, honey, pages, page):
    send(client, honey, pages["day"], q="1", known="0")
    answer = words(send(client, honey, pages[page], q="7", known="1"))

    assert "only 3 × 500 g left, you wanted 7 × 500 g" in answer
    assert fields(answer, honey) == ("1", "7")
    assert held(honey) == 1
    offer = re.search(
        r'<input type="hidden" name="known" value="1"><button class="btn" name="q" value="3">(.*?)<', answer
    )
    assert offer
    assert offer[1] == "Take 3"
    send(client, honey, pages[page], q="3", known="1")
    assert held(honey) == 3


def test_the_first_number_of_all_is_kept_as_well(client, honey, pages):
    answer = words(send(client, honey, pages["day"], q="7", known="0"))

    assert fields(answer, honey) == ("0", "7")


def test_the_next_look_at_the_page_shows_what_the_basket_holds(client, honey, pages):
    send(client, honey, pages["day"], q="7", known="0")

    assert fields(words(client.get(pages["day"])), honey) == ("0", "0")


def test_minus_below_a_number_that_was_refused_comes_down_to_what_is_left(client, honey, pages):
    send(client, honey, pages["day"], q="7", known="0", d="-1")

    assert held(honey) == 3


def test_with_more_in_the_basket_than_is_left_minus_goes_down(client, honey, pages):
    send(client, honey, pages["day"], q="3", known="0")
    Listing.objects.update(quantity=1)
    send(client, honey, pages["basket"], q="3", known="3", d="-1")

    assert held(honey) == 2


def test_minus_at_none_stays_there(client, honey, pages):
    answer = send(client, honey, pages["day"], q="0", known="0", d="-1")

    assert "note--error" not in words(answer)
    assert held(honey) == 0


def test_plus_at_the_most_says_so(client, honey, pages):
    Listing.objects.update(quantity=500)
    send(client, honey, pages["day"], q="99", known="0")
    answer = words(send(client, honey, pages["day"], q="99", known="99", d="1"))

    assert "A basket holds at most 99 of one product." in answer
    assert fields(answer, honey) == ("99", "99")
    assert held(honey) == 99


@pytest.mark.parametrize("typed", ["", "-1", "1.5", "abc", "１", "1" * 400])
@pytest.mark.parametrize("step", ["", "1", "-1"])
def test_what_is_no_number_changes_nothing(client, honey, pages, typed, step):
    send(client, honey, pages["day"], q="2", known="0")
    answer = words(send(client, honey, pages["day"], q=typed, known="2", d=step))

    assert "Write a whole number" in answer
    assert fields(answer, honey) == ("2", "2")
    assert held(honey) == 2


def test_an_older_page_is_told_what_the_basket_holds_by_now(client, honey, pages):
    send(client, honey, pages["day"], q="3", known="0")
    answer = words(send(client, honey, pages["day"], q="0", known="0", d="1"))

    assert "your basket holds 3 × 500 g by now. Nothing was changed." in answer
    assert fields(answer, honey) == ("3", "3")


@pytest.mark.parametrize("known", ["", "abc", "-1", "1000", "٣"])
def test_what_a_page_can_not_have_known_is_not_looked_at(client, honey, pages, known):
    send(client, honey, pages["day"], q="2", known=known)

    assert held(honey) == 2


def test_in_the_background_a_refusal_is_told_with_what_is_held_and_offered(client, honey):
    ask(client, honey, q="1", known="0")
    answer = ask(client, honey, q="7", known="1")

    assert answer.status_code == 409
    told = answer.json()
    assert (told["quantity"], told["offer"], told["take"], told["newer"], told["count"]) == (1, 3, "Take 3", False, 1)
    assert "only 3 × 500 g left" in told["message"].replace("\xa0", " ")


def test_in_the_background_what_is_no_number_is_told(client, honey):
    ask(client, honey, q="2", known="0")
    answer = ask(client, honey, q="", known="2")

    assert answer.status_code == 409
    assert answer.json()["quantity"] == 2


def test_in_the_background_an_older_page_gets_the_newer_number(client, honey):
    ask(client, honey, q="3", known="0")
    answer = ask(client, honey, q="1", known="0")

    assert answer.status_code == 409
    assert (answer.json()["quantity"], answer.json()["newer"]) == (3, True)


def test_an_empty_basket_says_so_in_the_background(client, honey):
    ask(client, honey, q="2", known="0")

    assert ask(client, honey, q="0", known="2").json()["total"] == "empty"


def test_first_numbers_that_travel_together_fill_one_basket(client, carrots, honey):
    """Two answers with a cookie each would make two baskets, and the browser would forget one of them."""
    token = "a" * 32
    for listing in (carrots, honey):
        client.cookies.pop(settings.BASKET_COOKIE_NAME, None)
        ask(client, listing, q="1", known="0", new=token)

    assert DayBasket.objects.get().visitor == token
    assert client.cookies[settings.BASKET_COOKIE_NAME].value == token


def test_a_cookie_counts_more_than_a_token_of_the_page(client, honey):
    basket = cast.basket_of({honey: 1})
    client.cookies[settings.BASKET_COOKIE_NAME] = basket.visitor
    ask(client, honey, q="2", known="1", new="b" * 32)

    assert held(honey) == 2
    assert DayBasket.objects.count() == 1


@pytest.mark.parametrize("token", ["x" * 41, "<script>", "é", " "])
def test_what_can_be_no_token_is_not_taken_for_one(client, honey, token):
    ask(client, honey, q="1", known="0", new=token)

    assert len(DayBasket.objects.get().visitor) == 32


def test_a_cookie_that_can_be_none_of_ours_makes_a_new_basket(client, honey):
    client.cookies[settings.BASKET_COOKIE_NAME] = "x" * 300

    assert ask(client, honey, q="1", known="0").status_code == 200


def test_a_page_one_comes_back_to_asks_what_the_baskets_hold(client, carrots, honey):
    ask(client, honey, q="2", known="0")
    answer = client.get(reverse("basket-lines"))

    assert answer.json() == {"quantities": {str(honey.pk): 2}, "total": "€17.00", "count": 1}
    assert answer["Cache-Control"] == "no-store"


def test_without_a_basket_nothing_is_asked_of_the_database(client, day, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get(reverse("basket-lines"))

    assert answer.json() == {"quantities": {}, "total": "empty", "count": 0}
