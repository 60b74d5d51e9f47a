"""Searching the goods of a day as people type."""

from __future__ import annotations

import pytest
from django.test import Client

from producers.catalogue.search import MAX_QUERY, clean_query, search, words_of
from producers.kinds import GoodsKind
from tests import cast
from tests.pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods(market, day):
    gardener, beekeeper = cast.ferme_du_ru(market), cast.le_rucher(market)
    eggs = {"kind": GoodsKind.EGGS, "egg_code": "1FRABC01", "species": ""}
    for sheet in (
        cast.carrots(gardener),
        cast.carrots(gardener, title="Pêches de vigne", variety="Sanguine"),
        cast.carrots(gardener, title="Tomates anciennes", variety="Cœur de bœuf"),
        cast.carrots(gardener, title="Pommes de terre", variety="Charlotte"),
        cast.carrots(gardener, title="Oignons jaunes"),
        cast.carrots(gardener, title="Ail rose"),
        cast.carrots(gardener, title="Œufs plein air", **eggs),
        cast.honey(beekeeper),
        cast.honey(beekeeper, title="Noix sèches", kind=GoodsKind.DRY_GOODS, origin="Oise, France"),
    ):
        cast.listing(sheet, day)


def found(day, query: str) -> list[str]:
    return [listing.sheet.title for listing in search(day, words_of(query))]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("carottes", "Carottes"),
        ("CAROTTE", "Carottes"),
        ("les pêches", "Pêches de vigne"),
        ("peche", "Pêches de vigne"),
        ("oeufs", "Œufs plein air"),
        ("Œuf", "Œufs plein air"),
        ("tomatte", "Tomates anciennes"),
        ("tom", "Tomates anciennes"),
        ("ognons", "Oignons jaunes"),
        ("carrote", "Carottes"),
        ("pome de terre", "Pommes de terre"),
        ("de l’ail", "Ail rose"),
        ("l'ail", "Ail rose"),
        ("coeur de boeuf", "Tomates anciennes"),
        ("charlotte", "Pommes de terre"),
        ("miel d’acacia", "Miel d’acacia"),
        ("hodenc", "Miel d’acacia"),
        ("pommes  de\tterre", "Pommes de terre"),
    ],
)
def test_what_is_meant_comes_first(day, goods, query, first):
    assert found(day, query)[0] == first


@pytest.mark.parametrize("query", ["pdt", "zzzz", "xy", "ananas", "'; drop table", "!!tomate:*|zzz", "12345"])
def test_what_is_not_there_is_not_found(day, goods, query):
    assert found(day, query) == []


@pytest.mark.parametrize("query", ["vegetables", "legumes"])
def test_the_kind_is_searched_too(day, goods, query):
    """In the language in which the sheets were saved."""
    titles = found(day, "vegetables") or found(day, "legumes")
    assert {"Carottes", "Ail rose"} <= set(titles)
    assert "Miel d’acacia" not in titles


def test_all_the_words_must_be_there(day, goods):
    assert found(day, "pommes vigne") == []


def test_a_title_ranks_before_the_name_of_a_producer(day, goods, market):
    cast.listing(cast.carrots(cast.producer("Au bon miel", "au-bon-miel", 3, market), title="Navets"), day)
    assert found(day, "miel") == ["Miel d’acacia", "Navets"]


def test_only_what_is_on_sale_that_day_is_found(day, goods, market):
    other = cast.saturday(cast.beauvais(name="Marché de Creil", slug="creil"))
    assert found(other, "carottes") == []


@pytest.mark.parametrize("query", ["", "   ", "les", "de la", "l'", "?!", "\x00"])
def test_nothing_to_search_for_shows_the_whole_day(client, day, goods, query):
    text = words(client.get(day.get_absolute_url(), {"q": query}))
    assert "Carottes" in text
    assert "Miel d’acacia" in text


def test_what_was_found_is_counted_with_the_words_that_were_typed(client, day, goods):
    text = words(client.get(day.get_absolute_url(), {"q": "les pêches"}))
    assert "1 product for “les pêches”" in text
    assert "Stall 1 · La Ferme du Ru" in text
    assert 'value="les pêches"' in text


def test_when_nothing_is_found_the_page_suggests_and_keeps_what_was_typed(client, day, goods):
    text = words(client.get(day.get_absolute_url(), {"q": "ananas"}))
    assert "Nothing found for “ananas”" in text
    assert "Try a shorter or another word" in text
    assert 'value="ananas"' in text


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ settings }}"])
def test_typed_html_is_only_text(day, goods, typed):
    raw = Client().get(day.get_absolute_url(), {"q": typed}).content.decode()
    assert "<script>alert" not in raw
    assert "<img src=x" not in raw


@pytest.mark.parametrize("typed", ["a" * 10_000, "carottes " * 2_000, "é" * 10_000, "' & | ! :* " * 1000])
def test_a_very_long_query_is_cut(client, day, goods, typed):
    response = client.get(day.get_absolute_url(), {"q": typed})
    assert response.status_code == 200
    assert len(clean_query(typed)) <= MAX_QUERY
    assert len(response.content) < 60_000


def test_a_search_can_be_narrowed_to_a_stall(client, day, goods):
    text = words(client.get(day.get_absolute_url(), {"q": "miel", "etal": "1"}))
    assert "Nothing found" in text
