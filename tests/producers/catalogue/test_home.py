"""The home page: when, until when, who comes, and what is said when nothing can be ordered."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client

from marche.markets.models import MarketDay
from tests import cast
from tests.pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def gardener(market):
    return cast.ferme_du_ru(market, tagline="Légumes de plein champ")


@pytest.fixture
def carrots(day, gardener):
    return cast.listing(cast.carrots(gardener), day)


def home(client: Client, when: dt.datetime = cast.OPEN_TIME) -> str:
    with time_machine.travel(when, tick=False):
        response = client.get("/")
    assert response.status_code == 200
    return words(response)


def test_the_next_day_is_a_card_with_its_place_its_cutoff_and_one_button(client, day, carrots):
    page = home(client)
    assert "28 " in page
    assert "Place des Halles, from 8:00 to 12:00" in page
    assert "Order until" in page
    assert "2 days left" in page
    assert page.count(f'href="{day.get_absolute_url()}"') == 1


def test_who_comes_is_told_with_the_number_of_the_stall(client, carrots):
    page = home(client)
    assert "La Ferme du Ru" in page
    assert "Légumes de plein champ" in page
    assert '<span class="sr-only">Stall </span>1' in page


def test_a_producer_without_goods_that_day_is_not_said_to_come(client, market, carrots):
    cast.le_rucher(market)
    assert "Le Rucher" not in home(client)


def test_the_telephone_of_the_desk_can_be_read_aloud_and_called(client, carrots):
    page = home(client)
    assert "03 53 01 02 03" in page
    assert 'href="tel:+33353010203"' in page


def test_how_it_works_is_told_in_three_steps(client, carrots):
    page = home(client)
    assert all(step in page for step in ("You choose", "You get a ticket", "You collect and pay"))


def test_before_orders_open_it_says_when_they_will_and_shows_the_producers(client, day, carrots):
    page = home(client, day.opens_at - dt.timedelta(hours=2))
    assert "Orders open on" in page
    assert "at 9:00, for the market of" in page
    assert "La Ferme du Ru" in page
    assert "See the stalls" not in page


def test_after_the_cutoff_it_says_that_the_market_itself_is_open_to_all(client, market, day, carrots):
    cast.next_saturday(day)
    page = home(client, cast.CUTOFF + dt.timedelta(hours=1))
    assert "The market itself is open to all, from 8:00 to 12:00." in page
    assert "Orders open on" in page


def test_a_full_day_is_said_and_can_still_be_looked_at(client, day, carrots):
    MarketDay.objects.update(order_cap=1, orders_count=1)
    page = home(client)
    assert "This market day is full." in page
    assert "See the stalls" in page


def test_a_cancelled_day_is_said_with_its_reason_and_the_next_one_announced(client, market, day, carrots):
    cast.next_saturday(day)
    MarketDay.objects.filter(pk=day.pk).update(cancelled_at=cast.OPEN_TIME, cancel_reason="verglas")
    page = home(client)
    assert "is cancelled. Reason: verglas." in page
    assert "Orders open on" in page


def test_a_public_holiday_that_nobody_decided_about_is_said(client, day, carrots):
    MarketDay.objects.filter(pk=day.pk).update(holiday="Toussaint", holiday_decision="pending")
    page = home(client)
    assert "is a public holiday (Toussaint): whether the market is held is not decided yet." in page
    assert "See the stalls" not in page


def test_a_market_without_any_day_still_has_a_page(client, market):
    assert "No market day is planned yet" in home(client)


def test_several_markets_have_one_card_each(client, day, carrots):
    cast.saturday(cast.beauvais(name="Marché de Creil", slug="creil", place="place Carnot"))
    page = home(client)
    assert page.count('class="slate day"') == 2
    assert 'href="/marches/creil/"' in page
    assert "La Ferme du Ru" not in page


def test_an_inactive_market_is_shown_nowhere(client, day, carrots):
    cast.beauvais(name="Marché de Creil", slug="creil", active=False)
    assert "Creil" not in home(client)
    assert client.get("/marches/creil/").status_code == 404


def test_a_market_has_a_page_of_its_own(client, day, carrots):
    cast.saturday(cast.beauvais(name="Marché de Creil", slug="creil"))
    page = words(client.get("/marches/beauvais/"))
    assert "La Ferme du Ru" in page
    assert "Creil" not in page


def test_without_any_market_the_page_says_so(client):
    assert "No market is open here yet" in home(client)
