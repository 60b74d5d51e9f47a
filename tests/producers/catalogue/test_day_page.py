"""The page of a market day: stalls, kinds, prices, what is left, and forms only while orders are open."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.conf import settings
from django.core.cache import caches
from django.db.models import F
from django.test import Client
from redis.exceptions import ConnectionError as CacheIsDown

from marche.markets.models import MarketDay
from orders.models import DayBasket
from producers.models import Listing
from tests import cast
from tests.pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def gardener(market):
    return cast.ferme_du_ru(market)


@pytest.fixture
def carrots(day, gardener):
    return cast.listing(cast.carrots(gardener, variety="De Colmar", labels=["organic"]), day)


@pytest.fixture
def honey(day, market):
    return cast.listing(cast.honey(cast.le_rucher(market)), day, price_cents=650)


def page(client: Client, day: MarketDay, query: str = "") -> str:
    response = client.get(day.get_absolute_url() + query)
    assert response.status_code == 200
    return words(response)


def card(text: str, listing: Listing) -> str:
    found = re.search(rf'<li class="prod[^"]*" id="p{listing.pk}">.*?</li>', text)
    assert found
    return found[0]


def test_the_sticky_line_says_which_day_and_until_when(client, day, carrots):
    line = page(client, day).partition('class="dayline"')[2].partition("<main")[0]
    assert "28 " in line
    assert "12:00" in line


def test_each_stall_has_its_number_and_its_producer(client, day, carrots, honey):
    text = page(client, day)
    assert text.index("<small>Stall</small>1") < text.index("<small>Stall</small>2")
    assert "La Ferme du Ru" in text
    assert "Le Rucher d’Hodenc" in text


def test_a_card_says_name_variety_label_price_reference_and_origin(client, day, carrots):
    text = card(page(client, day), carrots)
    for said in ("Carottes", "De Colmar", "organic (AB)", "€1.10</b> per 500 g", "€2.20/kg", "Origin: Oise, France"):
        assert said in text.replace(",10", ".10").replace(",20", ".20")


def test_a_weighed_piece_shows_its_estimate_and_its_maximum(client, day, gardener):
    chicken = cast.listing(cast.chicken(gardener), day, price_cents=980)
    text = card(page(client, day), chicken).replace(",", ".")
    assert "€15.68</b> approximately" in text
    assert "At most €17.64" in text
    assert "You pay the exact weight." in text


@pytest.mark.parametrize(("quantity", "left"), [(1, "Only 1 left"), (3, "Only 3 left"), (5, "Only 5 left")])
def test_few_left_is_said(client, day, carrots, quantity, left):
    Listing.objects.update(quantity=quantity)
    assert left in page(client, day)


def test_six_left_are_not_few(client, day, carrots):
    Listing.objects.update(quantity=6)
    assert not re.search(r"Only \d+ left", page(client, day))


def test_what_is_sold_out_stays_visible_at_the_end_of_its_stall_without_a_form(client, day, carrots, gardener):
    Listing.objects.update(reserved=F("quantity"))
    leeks = cast.listing(cast.carrots(gardener, title="Poireaux"), day)
    text = page(client, day)
    assert text.index("Poireaux") < text.index("Carottes")
    assert "Sold out" in card(text, carrots)
    assert "<form" not in card(text, carrots)
    assert "<form" in card(text, leeks)


def test_what_its_producer_took_off_is_not_shown(client, day, carrots):
    Listing.objects.update(on=False)
    assert "Carottes" not in page(client, day)


def test_the_form_posts_the_number_to_the_basket_without_a_csrf_token(client, day, carrots):
    text = card(page(client, day), carrots)
    assert f'method="post" action="/panier/{carrots.pk}/"' in text
    assert 'name="q"' in text
    assert "csrf" not in text


def test_plus_without_javascript_comes_back_to_the_row_with_its_new_number(client, day, carrots):
    here = {"headers": {"referer": f"http://testserver{day.get_absolute_url()}"}}
    answer = client.post(f"/panier/{carrots.pk}/", {"q": "0", "d": "1"}, **here)
    assert answer["Location"] == f"{day.get_absolute_url()}#p{carrots.pk}"
    text = card(page(client, day), carrots)
    assert 'class="prod is-in"' in text
    assert 'value="1" name="q"' in text
    assert DayBasket.objects.count() == 1


def test_the_basket_of_one_visitor_is_not_shown_to_the_next(client, day, carrots):
    client.post(f"/panier/{carrots.pk}/", {"q": "2"})
    assert "is-in" in page(client, day)
    assert "is-in" not in page(Client(), day)


def test_one_stall_can_be_chosen(client, day, carrots, honey):
    text = page(client, day, "?etal=2")
    assert f'id="p{honey.pk}"' in text
    assert f'id="p{carrots.pk}"' not in text
    assert '<a href="?etal=2" aria-current="true">' in text


def test_one_kind_can_be_chosen(client, day, carrots, honey):
    text = page(client, day, "?genre=fruit-vegetables")
    assert f'id="p{carrots.pk}"' in text
    assert f'id="p{honey.pk}"' not in text


def test_a_choice_without_goods_says_so_and_leads_back(client, day, carrots, honey):
    text = page(client, day, "?etal=2&genre=fruit-vegetables")
    assert "Nothing of this kind" in text
    assert '<a class="btn" href="?">' in text


@pytest.mark.parametrize("nonsense", ["?etal=abc", "?etal=-1", "?etal=99999", "?etal=²", "?genre=unicorns", "?x=1"])
def test_a_choice_that_makes_no_sense_is_passed_over(client, day, carrots, nonsense):
    assert f'id="p{carrots.pk}"' in page(client, day, nonsense)


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (dt.datetime(2026, 11, 22, 10, tzinfo=cast.PARIS), "Orders are not open yet: they open on"),
        (dt.datetime(2026, 11, 26, 12, tzinfo=cast.PARIS), "The market itself is open to all"),
        (dt.datetime(2026, 11, 28, 9, tzinfo=cast.PARIS), "The market is on, until 12:00"),
        (dt.datetime(2026, 11, 28, 13, tzinfo=cast.PARIS), "is over."),
    ],
    ids=["upcoming", "closed", "on", "over"],
)
def test_while_the_day_takes_no_orders_it_says_why_and_shows_no_form(client, day, carrots, when, said):
    with time_machine.travel(when, tick=False):
        text = page(client, day)
    assert said in text
    assert f'id="p{carrots.pk}"' in text
    assert f"/panier/{carrots.pk}/" not in text
    assert "Only" not in text


def test_a_cancelled_day_says_why_and_shows_no_goods(client, day, carrots):
    MarketDay.objects.update(cancelled_at=cast.OPEN_TIME, cancel_reason="tempête")
    text = page(client, day)
    assert "is cancelled. Reason: tempête." in text
    assert "You pay at each stall." not in text
    assert "Carottes" not in text


def test_a_day_before_its_holiday_is_decided_takes_no_orders(client, day, carrots):
    MarketDay.objects.update(holiday="Toussaint", holiday_decision="pending")
    text = page(client, day)
    assert "is a public holiday (Toussaint)" in text
    assert 'class="step"' not in text


def test_a_full_day_says_so(client, day, carrots):
    page(Client(), day)  # kept before it was full
    MarketDay.objects.update(order_cap=1, orders_count=1)
    assert "This market day is full." in page(client, day)


def test_a_day_without_goods_says_when_they_come(client, day):
    assert "have not put out their goods yet" in page(client, day)


@pytest.mark.parametrize("path", ["2026-12-24", "2026-02-30", "2026-13-01", "20261128", "tomorrow"])
def test_a_day_that_does_not_exist_is_not_found(client, day, path):
    assert client.get(f"/marches/beauvais/{path}/").status_code == 404


def test_the_day_of_another_market_is_not_found(client, day):
    cast.beauvais(name="Marché de Creil", slug="creil")
    assert client.get("/marches/creil/2026-11-28/").status_code == 404


def test_what_a_producer_types_is_shown_as_typed(client, day, gardener):
    cast.listing(cast.carrots(gardener, title="<script>alert(1)</script> & cie"), day)
    assert "<script>alert" not in client.get(day.get_absolute_url()).content.decode()
    assert "<script>alert(1)</script> & cie" in page(client, day)


def test_looking_sets_no_cookie_and_varies_with_none(day, carrots):
    response = Client().get(day.get_absolute_url())
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_the_kept_page_is_made_again_when_the_version_is_raised(day, carrots):
    visitor = Client()
    before = page(visitor, day)
    Listing.objects.update(price_cents=500)
    assert page(visitor, day) == before
    MarketDay.objects.update(catalogue_version=F("catalogue_version") + 1)
    assert page(visitor, day) != before


def test_the_kept_page_changes_at_the_cutoff_without_any_write(day, carrots):
    visitor = Client()
    assert 'class="step"' in page(visitor, day)
    with time_machine.travel(cast.CUTOFF, tick=False):
        assert 'class="step"' not in page(visitor, day)


def test_each_language_is_kept_apart(client, day, carrots):
    french = Client()
    french.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    assert 'lang="en"' in page(client, day)[:200]
    assert 'lang="fr"' in page(french, day)[:200]


def test_a_cache_that_is_down_does_not_break_the_page(monkeypatch, client, day, carrots):
    def broken(*args, **kwargs):
        raise CacheIsDown

    monkeypatch.setattr(type(caches["default"]), "get", broken)
    monkeypatch.setattr(type(caches["default"]), "set", broken)
    assert f'id="p{carrots.pk}"' in page(client, day)
    assert f'id="p{carrots.pk}"' in page(Client(), day)
