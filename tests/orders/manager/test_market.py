"""The market's habit, as its manager changes it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from marche.markets.models import Market, MarketDay
from tests import cast
from tests.orders.manager.people import claire, signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

SETTINGS = "/gestion/beauvais/reglages/"


@pytest.fixture
def market() -> Market:
    return cast.beauvais(weeks_ahead=4)


@pytest.fixture
def client(market: Market) -> Client:
    return signed_in(claire(market))


def typed(**changes: Any) -> dict[str, Any]:
    """The form as it comes, but for what the manager changes."""
    values = {
        "place": "place des Halles", "street": "", "postcode": "60000", "town": "Beauvais",
        "desk_phone": "03 53 01 02 03", "contact_email": "", "collection": "stalls",
        "weekday": 5, "starts": "08:00", "ends": "12:00",
        "opens_weekday": 0, "opens_time": "09:00", "closes_weekday": 3, "closes_time": "12:00",
        "slot_minutes": 30, "slot_capacity": 15, "order_cap": 350, "weeks_ahead": 4,
    }  # fmt: skip
    return values | changes


def test_the_form_shows_the_habit(client: Client) -> None:
    page = client.get(SETTINGS).content.decode()

    assert 'value="08:00"' in page
    assert 'value="place des Halles"' in page


def test_the_habit_is_saved(client: Client, market: Market) -> None:
    response = client.post(SETTINGS, typed(ends="13:00", order_cap=400))

    market.refresh_from_db()
    assert (response.status_code, market.ends, market.order_cap) == (302, dt.time(13), 400)


def test_days_already_made_keep_their_times_and_the_page_says_so(client: Client, market: Market) -> None:
    day = cast.saturday(market)

    response = client.post(SETTINGS, typed(starts="09:00", order_cap=10, slot_capacity=2), follow=True)

    day.refresh_from_db()
    assert (day.starts_at.astimezone(cast.PARIS).hour, day.order_cap) == (8, 350)
    assert "samedi 19 décembre" in text_of(response)


def test_the_pages_of_coming_days_are_made_again(client: Client, market: Market) -> None:
    day = cast.saturday(market)

    client.post(SETTINGS, typed(place="place Jeanne-Hachette"))

    assert MarketDay.objects.get(pk=day.pk).catalogue_version == day.catalogue_version + 1


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("ends", {"ends": "08:00"}),
        ("ends", {"ends": "07:00"}),
        ("slot_minutes", {"slot_minutes": 241}),
        ("slot_minutes", {"slot_minutes": 0}),
        ("slot_minutes", {"slot_minutes": "1.5"}),
        ("closes_time", {"closes_weekday": 5, "closes_time": "08:01"}),
        ("starts", {"starts": "25:00"}),
        ("order_cap", {"order_cap": 0}),
        ("order_cap", {"order_cap": 10**9}),
        ("slot_capacity", {"slot_capacity": -1}),
        ("weeks_ahead", {"weeks_ahead": 27}),
        ("weekday", {"weekday": 7}),
        ("desk_phone", {"desk_phone": "12"}),
        ("postcode", {"postcode": "6000"}),
        ("place", {"place": ""}),
        ("contact_email", {"contact_email": "marche"}),
    ],
)
def test_a_habit_that_could_make_no_day_is_refused_at_its_field(
    client: Client, market: Market, field: str, changes: dict[str, Any]
) -> None:
    response = client.post(SETTINGS, typed(town="Allonne", **changes))

    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert 'value="Allonne"' in response.content.decode()
    market.refresh_from_db()
    assert market.town == "Beauvais"


@pytest.mark.parametrize(
    ("phone", "kept"),
    [
        ("+33353010203", "03 53 01 02 03"),
        ("0353010203", "03 53 01 02 03"),
        ("", ""),
        ("0262.41.12.34", "0262 41 12 34"),
    ],
)
def test_a_telephone_number_is_kept_as_one_dials_it(client: Client, market: Market, phone: str, kept: str) -> None:
    client.post(SETTINGS, typed(desk_phone=phone))

    market.refresh_from_db()
    assert market.desk_phone == kept


def test_neither_name_nor_managers_are_changed_here(client: Client, market: Market) -> None:
    client.post(SETTINGS, typed(name="Pirate", slug="pirate", active="", managers=""))

    market.refresh_from_db()
    assert (market.name, market.slug, market.active, market.managers.count()) == (
        "Marché de Beauvais",
        "beauvais",
        True,
        1,
    )
