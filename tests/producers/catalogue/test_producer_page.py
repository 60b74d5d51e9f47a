"""A producer's page: who, where, since when, and today's goods while a day is open."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from producers.models import Listing, Producer
from tests import cast
from tests.pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def gardener(market):
    return cast.ferme_du_ru(market, description="Trois hectares.", distance_km=12, since_year=2014, labels=["organic"])


@pytest.fixture
def carrots(day, gardener):
    return cast.listing(cast.carrots(gardener), day)


def page(client: Client, producer: Producer) -> str:
    response = client.get(producer.get_absolute_url())
    assert response.status_code == 200
    return words(response)


@pytest.mark.parametrize(
    "said",
    [
        "La Ferme du Ru",
        "Trois hectares.",
        "Beauvais, 12 km from the market",
        "2014",
        "organic (AB)",
        "Marché de Beauvais, stall 1",
        "732 829 320 00074",
        "1 rue du Ru, 60000 Beauvais",
    ],
)
def test_the_page_says_who_this_is(client, gardener, said):
    assert said in page(client, gardener)


@pytest.mark.parametrize(
    ("means", "said"),
    [
        ({"takes_cash": True, "takes_cheque": True, "takes_card": False}, "Cash, cheque<"),
        ({"takes_cash": False, "takes_cheque": False, "takes_card": True}, "Card<"),
    ],
)
def test_how_the_stall_is_paid_is_said(client, market, means, said):
    assert said in page(client, cast.ferme_du_ru(market, **means))


def test_the_goods_of_the_open_day_can_be_ordered_there(client, carrots, gardener):
    text = page(client, gardener)
    assert f'action="/panier/{carrots.pk}/"' in text
    assert "Order until" in text


def test_the_goods_of_others_are_not_there(client, day, market, carrots, gardener):
    cast.listing(cast.honey(cast.le_rucher(market)), day)
    assert "Miel" not in page(client, gardener)


def test_when_no_day_is_open_there_is_nothing_to_order(client, carrots, gardener):
    with time_machine.travel(cast.CUTOFF, tick=False):
        text = page(client, gardener)
    assert "Nothing to order just now" in text
    assert f"/panier/{carrots.pk}/" not in text


def test_a_producer_with_nothing_that_day_has_nothing_to_order(client, carrots, gardener):
    Listing.objects.update(on=False)
    assert "Nothing to order just now" in page(client, gardener)


def test_a_producer_without_a_stall_has_a_page(client):
    assert "La Ferme du Ru" in page(client, cast.ferme_du_ru())


def test_an_unknown_producer_is_not_found(client, day, gardener):
    assert client.get("/producteurs/nobody/").status_code == 404


def test_looking_sets_no_cookie(carrots, gardener):
    assert not Client().get(gardener.get_absolute_url()).cookies
