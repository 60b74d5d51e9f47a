"""The page on which a manager moves or prolongs a day: what changes, whom it concerns, and the button."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from marche.markets.models import MarketDay
from marche.outbox.models import Message
from orders.models import DayChange, Pickup
from producers.models import Listing
from tests import cast
from tests.orders.manager.people import claire, clermont, signed_in, text_of, url

pytestmark = pytest.mark.django_db

TYPED = {
    "date": "2026-11-28",
    "starts": "09:00",
    "ends": "13:00",
    "opens_date": "2026-11-23",
    "opens": "09:00",
    "closes_date": "2026-11-26",
    "closes": "12:00",
    "reason": "Un spectacle occupe la place",
}


@pytest.fixture
def manager(day: MarketDay) -> Client:
    return signed_in(claire(day.market))


@pytest.fixture
def odette(carrots: Listing) -> Pickup:
    """Without an e-mail address, from 8:00 to 8:30, beside Léa."""
    cast.placed_order({carrots: 1})
    return cast.placed_order({carrots: 1}, **cast.ODETTE)


def test_before_the_button_the_page_says_what_changes_and_whom_it_concerns(
    manager: Client, odette: Pickup, day: MarketDay
) -> None:
    said = text_of(manager.get(url(day, "deplacer/"), TYPED)).replace("\xa0", " ")

    assert "samedi 28 novembre de 9 h à 13 h , au lieu du samedi 28 novembre de 8 h à 12 h" in said
    assert "8 h – 8 h 30 9 h – 9 h 30 2" in said
    assert "1 habitant est prévenu par e-mail" in said
    assert "2 · Odette Caron 03 53 01 01 02" in said
    assert "La Ferme du Ru" in said
    assert not DayChange.objects.exists()


def test_the_button_promises_no_mail_where_nobody_gets_one(manager: Client, day: MarketDay) -> None:
    said = text_of(manager.get(url(day, "deplacer/"), TYPED))

    assert "Changer ce jour" in said
    assert "écrire à" not in said


def test_the_button_moves_the_day(manager: Client, odette: Pickup, day: MarketDay) -> None:
    response = manager.post(url(day, "deplacer/"), TYPED, follow=True)

    day.refresh_from_db()
    assert day.starts_at == dt.datetime(2026, 11, 28, 9, 0, tzinfo=cast.PARIS)
    said = text_of(response).replace("\xa0", " ")
    assert "sur la liste d’appels" in said
    assert "Claire Moreau Un spectacle occupe la place" in said
    assert Message.objects.filter(kind="day-changed").count() == 1


def test_a_day_that_got_another_date_is_found_there(manager: Client, day: MarketDay) -> None:
    response = manager.post(url(day, "deplacer/"), TYPED | {"date": "2026-11-29"})

    assert response["Location"] == "/gestion/beauvais/2026-11-29/"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"closes_date": "2026-11-23"}, "La clôture des commandes ne peut pas être dans le passé"),
        ({"ends": "08:00"}, "Le marché doit finir après"),
        ({"reason": ""}, "Dites pourquoi"),
        ({"starts": "huit heures"}, "heure valide"),
    ],
)
def test_what_is_refused_is_said_and_what_was_typed_stays(
    manager: Client, day: MarketDay, typed: dict[str, str], said: str
) -> None:
    for response in (
        manager.get(url(day, "deplacer/"), TYPED | typed),
        manager.post(url(day, "deplacer/"), TYPED | typed),
    ):
        assert response.status_code == 422
        assert said in text_of(response).replace("\xa0", " ")
        assert 'value="13:00"' in response.content.decode() or typed.get("ends")
    assert not DayChange.objects.exists()


def test_the_page_begins_with_the_times_that_the_day_has(manager: Client, day: MarketDay) -> None:
    page = manager.get(url(day, "deplacer/")).content.decode()

    assert [f'value="{value}"' in page for value in ("2026-11-28", "08:00", "12:00", "2026-11-26")] == [True] * 4


def test_the_day_of_another_market_is_not_found(day: MarketDay) -> None:
    other = signed_in(claire(clermont()))

    assert other.post(url(day, "deplacer/"), TYPED).status_code == 404


def test_the_settings_say_whom_a_new_place_concerns(manager: Client, odette: Pickup, day: MarketDay) -> None:
    said = text_of(manager.get("/gestion/beauvais/reglages/")).replace("\xa0", " ")

    assert "Samedi 28 novembre 1 habitant par e-mail, 1 à appeler : 2 · Odette Caron 03 53 01 01 02" in said
