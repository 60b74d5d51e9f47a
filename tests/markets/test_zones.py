"""A market's own clock rules: at La Réunion it is three hours later than in Paris, whoever looks from where."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from marche.common.actors import Actor
from marche.common.refusals import Refused
from marche.markets.models import Market, MarketDay
from marche.markets.tasks import generate_days as beat_job
from marche.outbox.models import Message
from marche.outbox.rendering import render
from orders.actions.cancel_order import cancel_order
from orders.actions.change_market import change_market
from orders.actions.close_day import close_day
from orders.documents.calendar import ticket_calendar
from orders.models import Pickup, Summary
from tests import cast
from tests.orders.manager.people import claire, signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

REUNION = ZoneInfo("Indian/Reunion")
CUTOFF = dt.datetime(2026, 11, 26, 12, 0, tzinfo=REUNION)
HOURS = "de 8 h à 12 h"
WRONG = ("5 h", "9 h à", "de 5 h", "jeudi 9 h", "à 9 h.", "lundi 6 h")


@pytest.fixture
def market() -> Market:
    return cast.beauvais(name="Marché de Saint-Pierre", slug="saint-pierre", town="Saint-Pierre", time_zone=REUNION.key)


@pytest.fixture
def day(market: Market) -> MarketDay:
    return cast.saturday(market)


@pytest.fixture
def pickup(day: MarketDay) -> Pickup:
    """From 8:00 to 8:30."""
    return cast.placed_order({cast.listing(cast.carrots(cast.ferme_du_ru(day.market)), day): 2})


def said(response: Any) -> str:
    assert response.status_code == 200
    return text_of(response).replace("\xa0", " ")


def mail(message: Message) -> str:
    made = render(message)
    return f"{made.subject}\n{made.body}".replace("\xa0", " ")


def test_the_residents_pages(client: Client, pickup: Pickup, day: MarketDay) -> None:
    listing = day.listings.get()
    pages = {
        "/": HOURS,
        "/marches/saint-pierre/": HOURS,
        day.get_absolute_url(): HOURS,
        listing.get_absolute_url(): "Carottes",
        listing.producer.get_absolute_url(): "jeudi 12 h",
    }
    for page, words in pages.items():
        text = said(client.get(page, follow=True))
        assert words in text, page
        assert not [wrong for wrong in WRONG if wrong in text], page


def test_from_the_basket_to_the_ticket(client: Client, day: MarketDay) -> None:
    listing = cast.listing(cast.carrots(cast.ferme_du_ru(day.market)), day)
    basket = cast.basket_of({listing: 1})
    client.cookies[settings.BASKET_COOKIE_NAME] = basket.visitor
    for page in ("/panier/", reverse("contact", args=[basket.pk]), reverse("verify", args=[basket.pk])):
        text = said(client.get(page))
        assert "Marché de Saint-Pierre" in text
        assert settings.SITE_NAME not in text
        assert not [wrong for wrong in WRONG if wrong in text], page
    assert "jeudi 12 h" in said(client.get("/panier/"))


def test_the_ticket(client: Client, pickup: Pickup) -> None:
    text = said(client.get(pickup.get_absolute_url()))

    assert "entre 8 h et 8 h 30" in text
    assert "jeudi 26 novembre à 12 h" in text
    assert text.count("Marché de Saint-Pierre") > 1
    assert b"DTSTART:20261128T040000Z" in ticket_calendar(pickup)


def test_the_mails(pickup: Pickup) -> None:
    confirmation = mail(Message.objects.get(kind="order-confirmation"))
    cancel_order(pickup.pk, reason="La neige", by=Actor.manager())

    assert "entre 8 h et 8 h 30" in confirmation
    assert "jeudi 26 novembre à 12 h" in confirmation
    assert "5 h" not in mail(Message.objects.get(kind="order-cancelled"))


def test_the_summary(client: Client, pickup: Pickup, clock: time_machine.Traveller) -> None:
    clock.move_to(CUTOFF)
    assert close_day(pickup.day_id)

    for text in (mail(Message.objects.get(kind="summary")), said(client.get(Summary.objects.get().get_absolute_url()))):
        assert HOURS in text
        assert "jeudi 26 novembre à 12 h" in text  # when it was made


def test_the_producers_pages(pickup: Pickup, day: MarketDay) -> None:
    grower = signed_in(day.listings.get().producer.partner.users.get())

    assert "jeudi 12 h" in said(grower.get("/producteur/"))
    assert "jeudi 12 h" in said(grower.get(reverse("offer", args=["ferme-du-ru", "saint-pierre", day.date])))
    assert "8 h – 8 h 30" in said(grower.get(reverse("stall", args=["ferme-du-ru", "saint-pierre", day.date])))


def test_the_managers_pages(pickup: Pickup, day: MarketDay) -> None:
    """Beside a market in Paris, that she manages too."""
    manager = signed_in(claire(day.market, cast.beauvais()))
    page = f"/gestion/saint-pierre/{day.date}/"

    text = said(manager.get(page))
    assert "Market from" not in text
    assert HOURS in text
    assert "8 h – 8 h 30" in text
    assert "jeudi 12 h" in text
    assert "jeudi 12 h" in said(manager.get(f"{page}bilan/"))
    assert 'value="08:00"' in manager.get(f"{page}deplacer/").content.decode()
    assert "5 h" not in said(manager.get("/gestion/"))


def test_the_day_is_that_of_the_place(client: Client) -> None:
    """An evening market in Papeete, which is Sunday morning in Paris."""
    tahiti = cast.beauvais(time_zone="Pacific/Tahiti", starts=dt.time(18), ends=dt.time(21))
    day = cast.saturday(tahiti)

    text = said(client.get(day.get_absolute_url()))

    assert "samedi 28 novembre" in text
    assert "dimanche" not in text
    assert "de 18 h à 21 h" in text


def test_two_markets_are_told_by_date_each_by_its_clock_and_with_its_desk(client: Client, day: MarketDay) -> None:
    friday = cast.beauvais(name="Marché de Zuydcoote", slug="zuydcoote", weekday=4, closes_weekday=3)
    cast.saturday(friday, dt.date(2026, 11, 27))

    text = said(client.get("/"))

    assert text.count(HOURS) == 2
    assert text.index("Marché de Zuydcoote") < text.index("Marché de Saint-Pierre")
    assert [text.count(name) for name in ("Marché de Zuydcoote", "Marché de Saint-Pierre")] == [3, 3]


@pytest.mark.parametrize("zone", ["Mars/Olympus", "Paris", "", "Europe/../Paris", "UTC+4"])
def test_a_zone_that_is_none_is_refused(market: Market, zone: str) -> None:
    with pytest.raises(Refused) as refused:
        change_market(market.pk, values={"time_zone": zone}, by=Actor.manager())

    assert {problem.field for problem in refused.value.problems} == {"time_zone"}


def test_a_broken_market_keeps_no_other_from_its_days(
    client: Client, market: Market, caplog: pytest.LogCaptureFixture
) -> None:
    broken = cast.beauvais(name="Ici", slug="ici")
    Market.objects.filter(pk=broken.pk).update(time_zone="Mars/Olympus")

    with caplog.at_level(logging.ERROR):
        beat_job()

    assert (broken.days.count(), market.days.count()) == (0, 1)
    assert f"the days of market {broken.pk} could not be made" in caplog.text
    assert "Marché de Saint-Pierre" in said(client.get("/"))
