"""What the residents' pages ask of the database: a fixed number of queries, whatever the number of goods."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from producers.models import Listing, ProductSheet
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_cache")]


def stock(market, day, count: int) -> Listing:
    """So many products, half at each of two stalls; the first one."""
    sellers = [cast.ferme_du_ru(market), cast.le_rucher(market)]
    sheets = [cast.carrots(sellers[number % 2], title=f"Carottes {number}") for number in range(4)]
    while len(sheets) < count:
        copies = [ProductSheet.objects.get(pk=sheet.pk) for sheet in sheets[: count - len(sheets)]]
        sheets += _copied(copies)
    rows = [
        Listing(day=day, sheet=s, producer_id=s.producer_id, price_cents=220, quantity=9, **s.unit_values())
        for s in sheets
    ]
    return Listing.objects.bulk_create(rows)[0]


def _copied(sheets: list[ProductSheet]) -> list[ProductSheet]:
    products = [
        type(s.product)(title=s.title, product_class=s.product.product_class, slug=s.product.slug) for s in sheets
    ]
    for sheet, product in zip(sheets, type(products[0])._default_manager.bulk_create(products), strict=True):
        sheet.pk = sheet.product = product
    return ProductSheet.objects.bulk_create(sheets)


def queries(path: str, visitor: Client | None = None) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert (visitor or Client()).get(path).status_code == 200
    return len(asked)


# How often a page may ask: when it is made, and when its parts are in the cache.
MOST = {"home": (3, 2), "market": (3, 2), "day": (5, 1), "stall": (5, 1), "product": (6, 1), "producer": (7, 1)}


@pytest.mark.parametrize("count", [4, 120, 700])
def test_a_page_asks_as_often_whatever_the_number_of_goods(market, day, count):
    first = stock(market, day, count)
    paths = {
        "home": "/",
        "market": market.get_absolute_url(),
        "day": day.get_absolute_url(),
        "stall": day.get_absolute_url() + "?etal=1",
        "product": first.get_absolute_url(),
        "producer": first.producer.get_absolute_url(),
    }
    asked = {}
    for name, path in paths.items():
        cache.clear()
        asked[name] = (queries(path), queries(path))
    assert asked.keys() == MOST.keys()
    assert {name: both for name, both in asked.items() if both[0] > MOST[name][0] or both[1] > MOST[name][1]} == {}


def test_a_visitor_with_a_basket_costs_a_fixed_number_more(market, day):
    first = stock(market, day, 120)
    visitor = Client()
    visitor.post(f"/panier/{first.pk}/", {"q": "2"})
    queries(day.get_absolute_url(), visitor)
    assert queries(day.get_absolute_url(), visitor) <= 7


def test_a_search_asks_as_often_whatever_the_number_of_goods(market, day):
    stock(market, day, 120)
    assert queries(day.get_absolute_url() + "?q=carottes") <= 6


@pytest.mark.parametrize("count", [120, 700])
def test_a_row_weighs_at_most_900_bytes(market, day, count):
    stock(market, day, count)
    page = Client().get(day.get_absolute_url()).content
    assert len(page) / count <= 900
