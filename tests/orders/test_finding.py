"""An order is found by the telephone number of its resident, at the stalls that it concerns and by the manager."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from marche.markets.models import MarketDay
from orders.finding import matching
from orders.models import Pickup
from orders.presenters.stall import find
from producers.models import Listing
from tests import cast
from tests.orders.manager.people import claire, signed_in, url

pytestmark = pytest.mark.django_db

AS_PEOPLE_WRITE_IT = [
    "0612345678",
    "06 12 34 56 78",
    "06.12.34.56.78",
    "06-12-34-56-78",
    "06/12/34/56/78",
    "06\u202f12\u202f34\u202f56\u202f78",
    "06\xa012\xa034\xa056\xa078",
    "+33612345678",
    "+33 6 12 34 56 78",
    "+33 (0)6 12 34 56 78",
    "0033612345678",
    "00 33 6 12 34 56 78",
    "33 6 12 34 56 78",
    "Tél. 06 12 34 56 78",
    "06 12 34",
    "34 56 78",
    "5678",
    "56 78",
    "56.78",
]


@pytest.fixture
def lea(carrots: Listing) -> Pickup:
    return cast.placed_order({carrots: 1}, phone="+33612345678")


@pytest.fixture(autouse=True)
def _others(lea: Pickup, carrots: Listing, honey: Listing) -> None:
    cast.placed_order({carrots: 1}, **cast.ODETTE)
    cast.placed_order({honey: 1}, name="Inès Royer", phone="+33612345679")


def numbers(day: MarketDay, carrots: Listing, query: str) -> list[int]:
    return [found.part.pickup.number for found in find(carrots.producer, day, query)]


@pytest.mark.parametrize("query", AS_PEOPLE_WRITE_IT)
def test_the_stall_finds_it_however_the_number_is_written(day, carrots, query):
    assert numbers(day, carrots, query) == [1]


@pytest.mark.parametrize("query", AS_PEOPLE_WRITE_IT)
def test_the_manager_finds_the_same(day, lea, query):
    # Of the pieces of a number one is that of two residents.
    assert lea in matching(day, query)


@pytest.mark.parametrize(
    ("stored", "query"),
    [("+262692123456", "0692 12 34 56"), ("+508456789", "45 67 89"), ("+33612456789", "45 67 89"),
     ("+32475123456", "+32 475 12 34 56"), ("+32475123456", "3456")],
)  # fmt: skip
def test_numbers_of_overseas_and_elsewhere_are_found(day, carrots, lea, stored, query):
    Pickup.objects.filter(pk=lea.pk).update(phone=stored)

    assert numbers(day, carrots, query) == [1]


@pytest.mark.parametrize("query", ["06 12 34 56 79", "5679"])
def test_the_order_of_another_stall_is_not_found(day, carrots, query):
    assert numbers(day, carrots, query) == []


def test_the_order_of_another_day_is_not_found(day, carrots):
    later = cast.saturday(day.market, cast.SATURDAY + dt.timedelta(days=7))

    assert numbers(later, carrots, "06 12 34 56 78") == []


@pytest.mark.parametrize("query", ["678", "45678 x", "06 12 34 56 78 90", "+33 5678", "+"])
def test_what_is_no_piece_of_a_number_finds_nobody(day, carrots, query):
    assert numbers(day, carrots, query) == []


def test_four_digits_that_are_the_number_of_an_order_mean_that_number(day, carrots, lea):
    """On a day of so many orders: a stall that looks for 5678 is not led to somebody else's."""
    MarketDay.objects.filter(pk=day.pk).update(last_number=6000)
    day.refresh_from_db()
    assert numbers(day, carrots, "5678") == []

    Pickup.objects.filter(pk=lea.pk).update(phone="+33612340102")
    assert numbers(day, carrots, "0102") == [1, 2], "no number of an order begins with a zero"


def test_the_stalls_page_leads_straight_to_it(day, carrots):
    phone = Client()
    phone.force_login(User.objects.get(email="ferme-du-ru-member@example.org"))
    here = reverse("stall", args=["ferme-du-ru", day.market.slug, day.date])

    assert phone.get(here, {"q": "06\u202f12 34-56.78"}).headers["Location"] == f"{here}1/"


def test_the_managers_search_shows_it(day):
    page = signed_in(claire(day.market)).get(url(day), {"q": "5678"})

    assert [line.pickup.number for line in page.context["shown"].orders.lines] == [1]


def test_a_search_asks_one_question(day, carrots, django_assert_num_queries):
    with django_assert_num_queries(2):  # the parts, and their lines
        find(carrots.producer, day, "06 12 34 56 78")
