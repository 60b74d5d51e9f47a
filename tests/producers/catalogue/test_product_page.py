"""A product with its whole legal sheet, kind by kind, its seller and its neighbours."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from marche.markets.models import MarketDay
from producers.kinds import Allergen, GoodsKind
from producers.models import Listing
from producers.units import Unit
from tests import cast
from tests.pages import words

pytestmark = pytest.mark.django_db

PACK = {"unit": Unit.PACK, "net_grams": 180, "step_grams": None, "species": "", "origin": ""}


@pytest.fixture
def gardener(market):
    return cast.ferme_du_ru(market)


@pytest.fixture
def carrots(day, gardener):
    return cast.listing(cast.carrots(gardener), day)


def page(client: Client, listing: Listing) -> str:
    response = client.get(listing.get_absolute_url())
    assert response.status_code == 200
    return words(response)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ["None of the 14 allergens", "Oise, France"]),
        ({"no_allergens": False, "allergens": ["eggs", "nuts"]}, ["Contains: eggs, nuts"]),
        (
            {"species": "apple", "variety": "Boskoop", "category": "I", "calibre": "75/80"},
            ["apple", "Boskoop", "<dt>Category</dt><dd>I</dd>", "75/80"],
        ),
        ({"kind": GoodsKind.EGGS, "egg_code": "0FRABC01", **PACK}, ["0FRABC01 (organic farming)"]),
        ({"kind": GoodsKind.EGGS, "egg_code": "1FRABC01", **PACK}, ["1FRABC01 (free range hens)"]),
        ({"kind": GoodsKind.EGGS, "egg_code": "3FRABC01", **PACK}, ["3FRABC01 (caged hens)"]),
        ({"kind": GoodsKind.HONEY, "honey_countries": "France, Espagne", **PACK}, ["France, Espagne"]),
        ({"kind": GoodsKind.CHEESE, "milk_treatment": "raw", **PACK}, ["<dt>Milk</dt><dd>raw milk</dd>"]),
        (
            {"kind": GoodsKind.MEAT, "born_in": "Irlande", "raised_in": "France", "slaughtered_in": "France", **PACK},
            ["Irlande", "Born: Irlande, raised: France, slaughtered: France"],
        ),
        (
            {"kind": GoodsKind.POULTRY, "raised_in": "France", "slaughtered_in": "France", **PACK},
            ["Raised and slaughtered: France"],
        ),
        (
            {"kind": GoodsKind.FISH, "fishing_method": "au chalut", "fishing_area": "Manche", **PACK},
            ["au chalut", "Manche"],
        ),
        (
            {"kind": GoodsKind.ALCOHOL, "alcohol_percent": Decimal("12.5"), **PACK},
            ["% vol.", "Sold to adults only: your age is checked at the stall."],
        ),
        (
            {
                "kind": GoodsKind.PREPARED,
                "prepacked": True,
                "ingredients": "poulet 62 %, sel",
                "storage": "12 mois",
                **PACK,
            },
            ["poulet 62 %, sel", "12 mois", "<dt>Net quantity</dt><dd>180 g</dd>"],
        ),
    ],
)
def test_the_sheet_says_what_the_law_wants_known(client, day, gardener, changes, said):
    text = page(client, cast.listing(cast.carrots(gardener, **changes), day))
    assert [sentence for sentence in said if sentence not in text] == []


@pytest.mark.parametrize("allergen", Allergen)
def test_each_allergen_is_said_in_words(client, day, gardener, allergen):
    listing = cast.listing(cast.carrots(gardener, no_allergens=False, allergens=[allergen]), day)
    with translation.override("en"):
        said = f"<strong>Contains: {allergen.label}</strong>"
    assert said in page(client, listing)


def test_what_is_no_food_says_nothing_of_allergens(client, day, gardener):
    candle = cast.carrots(gardener, title="Bougie", kind=GoodsKind.NON_FOOD, **PACK)
    assert "Allergens" not in page(client, cast.listing(candle, day))


def test_only_alcohol_is_for_adults_only(client, carrots):
    assert "adults only" not in page(client, carrots)


def test_the_seller_is_identified(client, carrots):
    text = page(client, carrots)
    assert "La Ferme du Ru" in text
    assert "732 829 320 00074" in text
    assert "1 rue du Ru, 60000 Beauvais" in text


def test_the_vat_is_said_to_be_included(client, carrots):
    assert "VAT of 5" in page(client, carrots)


def test_a_seller_without_vat_says_so(client, market, day):
    honey = cast.listing(cast.honey(cast.le_rucher(market)), day)
    assert "VAT not applicable, art. 293 B of the CGI" in page(client, honey)


def test_other_goods_of_the_stall_are_shown(client, day, market, gardener, carrots):
    leeks = cast.listing(cast.carrots(gardener, title="Poireaux"), day)
    cast.listing(cast.honey(cast.le_rucher(market)), day)
    text = page(client, carrots)
    assert leeks.get_absolute_url() in text
    assert "Miel" not in text


def test_the_form_puts_one_in_the_basket(client, carrots):
    text = page(client, carrots)
    assert f'action="/panier/{carrots.pk}/"' in text
    assert 'value="1" name="q"' in text
    client.post(f"/panier/{carrots.pk}/", {"q": "4"})
    assert 'value="4" name="q"' in page(client, carrots)


def test_what_is_sold_out_can_be_read_but_not_ordered(client, carrots):
    Listing.objects.update(reserved=10)
    text = page(client, carrots)
    assert "Sold out" in text
    assert 'name="q"' not in text


def test_a_listing_taken_off_is_not_found(client, carrots):
    Listing.objects.update(on=False)
    assert client.get(carrots.get_absolute_url()).status_code == 404


def test_a_listing_of_another_day_is_not_found(client, market, carrots):
    later = cast.saturday(market, dt.date(2026, 12, 5))
    assert client.get(f"{later.get_absolute_url()}{carrots.pk}/").status_code == 404


def test_a_listing_of_another_market_is_not_found(client, carrots):
    creil = cast.saturday(cast.beauvais(name="Marché de Creil", slug="creil"))
    assert client.get(f"{creil.get_absolute_url()}{carrots.pk}/").status_code == 404


def test_a_cancelled_day_has_no_products(client, carrots):
    MarketDay.objects.update(cancelled_at=cast.OPEN_TIME)
    assert client.get(carrots.get_absolute_url()).status_code == 404


def test_after_the_market_the_page_says_that_it_is_over(client, carrots):
    with time_machine.travel(dt.datetime(2026, 12, 1, tzinfo=cast.PARIS), tick=False):
        text = page(client, carrots)
    assert "is over." in text
    assert 'name="q"' not in text


def test_looking_sets_no_cookie(carrots):
    assert not Client().get(carrots.get_absolute_url()).cookies
