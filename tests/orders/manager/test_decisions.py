"""What a manager decides on a day: whether it is held on a public holiday, and how many can come."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client

from marche.markets.models import MarketDay
from producers.models import Listing
from tests import cast
from tests.orders.manager.people import claire, signed_in, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


@pytest.fixture
def carrots(day: MarketDay) -> Listing:
    return cast.listing(cast.carrots(cast.ferme_du_ru(day.market)), day)


@pytest.fixture
def client(day: MarketDay) -> Client:
    return signed_in(claire(day.market))


class TestHoliday:
    """A public holiday is the manager's to decide."""

    @pytest.fixture(autouse=True)
    def _pending(self, day: MarketDay) -> None:
        MarketDay.objects.filter(pk=day.pk).update(holiday="Noël", holiday_decision="pending")

    def test_the_page_asks(self, client: Client, day: MarketDay) -> None:
        assert client.get(url(day)).context["can_decide"]

    def test_it_is_held(self, client: Client, day: MarketDay) -> None:
        response = client.post(url(day, "jour-ferie/maintenir/"), follow=True)

        day.refresh_from_db()
        assert (day.holiday_decision, day.cancelled_at, response.context["can_decide"]) == ("kept", None, False)

    def test_it_is_not_held(self, client: Client, day: MarketDay) -> None:
        client.post(url(day, "jour-ferie/annuler/"))

        day.refresh_from_db()
        assert (day.cancelled_at, day.cancel_reason) == (cast.OPEN_TIME, "Jour férié\xa0: Noël")

    def test_what_is_decided_stays(self, client: Client, day: MarketDay) -> None:
        client.post(url(day, "jour-ferie/maintenir/"))

        response = client.post(url(day, "jour-ferie/annuler/"), follow=True)

        day.refresh_from_db()
        assert (day.cancelled_at, len(response.context["messages"])) == (None, 2)

    def test_looking_decides_nothing(self, client: Client, day: MarketDay) -> None:
        assert client.get(url(day, "jour-ferie/annuler/")).status_code == 405


class TestPlaces:
    """How many can come, on this day only."""

    def test_the_cap_changes(self, client: Client, day: MarketDay) -> None:
        response = client.post(url(day, "plafond/"), {"cap": "400"})

        day.refresh_from_db()
        assert (response.status_code, day.order_cap) == (302, 400)

    def test_never_below_the_orders_taken(self, client: Client, day: MarketDay, carrots: Listing) -> None:
        cast.placed_order({carrots: 1})
        cast.placed_order({carrots: 1})

        response = client.post(url(day, "plafond/"), {"cap": "1"})

        day.refresh_from_db()
        assert (response.status_code, day.order_cap) == (422, 350)
        assert 'value="1"' in response.content.decode()

    @pytest.mark.parametrize("typed", ["", "0", "-1", "1.5", "abc", "1000000000"])
    def test_a_cap_that_is_none_is_refused(self, client: Client, day: MarketDay, typed: str) -> None:
        response = client.post(url(day, "plafond/"), {"cap": typed})

        assert response.status_code == 422
        assert response.context["cap_form"].errors["cap"]

    def test_a_slot_gets_more_places(self, client: Client, day: MarketDay) -> None:
        slot = day.slots.first()
        assert slot

        client.post(url(day, f"creneaux/{slot.pk}/"), {"capacity": "20"})

        slot.refresh_from_db()
        assert slot.capacity == 20

    def test_never_below_the_places_taken(self, client: Client, day: MarketDay, carrots: Listing) -> None:
        slot = cast.placed_order({carrots: 1}).slot

        response = client.post(url(day, f"creneaux/{slot.pk}/"), {"capacity": "0"})

        slot.refresh_from_db()
        assert (response.status_code, slot.capacity) == (422, 15)

    def test_a_slot_of_another_day_is_not_found(self, client: Client, day: MarketDay) -> None:
        other = cast.saturday(day.market, cast.SATURDAY + dt.timedelta(weeks=1))

        assert client.post(url(day, f"creneaux/{other.slots.all()[0].pk}/"), {"capacity": "1"}).status_code == 404

    def test_nothing_changes_once_orders_are_closed(self, client: Client, day: MarketDay) -> None:
        with time_machine.travel(cast.AFTER_CUTOFF, tick=False):
            response = client.post(url(day, "plafond/"), {"cap": "400"})

        assert response.status_code == 422
