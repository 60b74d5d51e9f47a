"""An order as the market's manager sees it, and its cancelling with a reason."""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marche.common.actors import Actor
from marche.markets.models import MarketDay
from marche.outbox.models import Message
from orders.actions.cancel_order import cancel_order
from orders.actions.close_day import close_day
from orders.models import OrderChange, Pickup, Summary
from producers.models import Listing
from tests import cast
from tests.orders.manager.people import claire, fail, signed_in, text_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


@pytest.fixture
def carrots(day: MarketDay) -> Listing:
    return cast.listing(cast.carrots(cast.ferme_du_ru(day.market)), day)


@pytest.fixture
def pickup(carrots: Listing) -> Pickup:
    return cast.placed_order({carrots: 2}, phone="+33639980101", note="Sans les fanes")


@pytest.fixture
def client(day: MarketDay) -> Client:
    return signed_in(claire(day.market))


def cancelling(client: Client, day: MarketDay, **typed: str) -> int:
    return client.post(url(day, "commandes/1/annuler/"), typed).status_code


def test_the_page_shows_contact_lines_and_ticket(client: Client, day: MarketDay, pickup: Pickup) -> None:
    page = text_of(client.get(url(day, "commandes/1/")))

    for words in ("Léa Dumont", "lea@example.org", "06 39 98 01 01", "Sans les fanes", "Carottes", pickup.display_code):
        assert words in page


def test_a_name_is_shown_and_never_run(client: Client, day: MarketDay, carrots: Listing) -> None:
    cast.placed_order({carrots: 1}, name="<script>alert(1)</script>")

    assert "<script>alert" not in client.get(url(day, "commandes/1/")).content.decode()
    assert "<script>alert" not in client.get(url(day)).content.decode()


@pytest.mark.parametrize("number", ["2", "0", "9" * 30])
def test_an_order_that_is_none_is_not_found(client: Client, day: MarketDay, pickup: Pickup, number: str) -> None:
    assert client.get(url(day, f"commandes/{number}/")).status_code == 404


def test_a_message_that_failed_is_shown_with_why(client: Client, day: MarketDay, pickup: Pickup) -> None:
    fail(Message.objects.get(), "Boîte pleine (552).")

    assert "Boîte pleine (552)." in text_of(client.get(url(day, "commandes/1/")))


def test_a_manager_cancels_with_a_reason(client: Client, day: MarketDay, pickup: Pickup) -> None:
    assert cancelling(client, day, reason="resident") == 302

    change = OrderChange.objects.get()
    assert (change.pickup, change.actor, change.user.email) == (pickup, "manager", "claire@example.org")  # type: ignore[union-attr]
    assert change.reason in text_of(client.get(url(day, "commandes/1/")))
    assert "Claire Moreau" in text_of(client.get(url(day, "commandes/1/")))


def test_the_words_of_the_manager_are_kept_with_the_reason(client: Client, day: MarketDay, pickup: Pickup) -> None:
    cancelling(client, day, reason="supply", detail="gel de la nuit")

    assert OrderChange.objects.get().reason.endswith("gel de la nuit")


def test_the_longest_reason_fits(client: Client, day: MarketDay, pickup: Pickup) -> None:
    assert cancelling(client, day, reason="mistake", detail="x" * 100) == 302


@pytest.mark.parametrize(
    "typed",
    [{}, {"reason": "nonsense"}, {"reason": "other"}, {"reason": "other", "detail": "  "}, {"detail": "gel"}],
)
def test_without_a_reason_nothing_is_cancelled(
    client: Client, day: MarketDay, pickup: Pickup, typed: dict[str, str]
) -> None:
    assert cancelling(client, day, **typed) == 422
    assert not OrderChange.objects.exists()


def test_a_reason_too_long_is_kept_to_be_shortened(client: Client, day: MarketDay, pickup: Pickup) -> None:
    response = client.post(url(day, "commandes/1/annuler/"), {"reason": "other", "detail": "y" * 101})

    assert (response.status_code, "y" * 101 in response.content.decode()) == (422, True)


def test_cancelling_after_closing_makes_a_new_version_of_the_summary(
    client: Client, day: MarketDay, pickup: Pickup
) -> None:
    with time_machine.travel(cast.AFTER_CUTOFF, tick=False):
        close_day(day.pk)
        cancelling(client, day, reason="resident")

    assert list(Summary.objects.values_list("revision", flat=True)) == [1, 2]


def test_an_order_can_be_cancelled_on_the_morning_of_the_market(client: Client, day: MarketDay, pickup: Pickup) -> None:
    with time_machine.travel(cast.SEVEN, tick=False):
        cancelling(client, day, reason="resident")

    pickup.refresh_from_db()
    assert pickup.is_cancelled


def test_but_not_once_the_market_is_over(client: Client, day: MarketDay, pickup: Pickup) -> None:
    with time_machine.travel(cast.SUNDAY, tick=False):
        assert not client.get(url(day, "commandes/1/")).context["can_cancel"]
        cancelling(client, day, reason="resident")

    pickup.refresh_from_db()
    assert not pickup.is_cancelled


def test_what_the_resident_cancelled_keeps_its_history(client: Client, day: MarketDay, pickup: Pickup) -> None:
    cancel_order(pickup.pk, reason="avec le billet", by=Actor.resident())

    assert cancelling(client, day, reason="mistake") == 302

    assert OrderChange.objects.get().actor == "resident"
    assert len(client.get(url(day, "commandes/1/")).context["history"]) == 2


def test_looking_cancels_nothing(client: Client, day: MarketDay, pickup: Pickup) -> None:
    assert client.get(url(day, "commandes/1/annuler/")).status_code == 405


def test_the_number_of_queries_depends_on_nothing(client: Client, day: MarketDay, pickup: Pickup) -> None:
    with CaptureQueriesContext(connection) as with_one:
        client.get(url(day, "commandes/1/"))
    farms = [cast.producer(f"Ferme {n}", f"ferme-{n}", n, day.market) for n in range(3, 9)]
    cast.placed_order({cast.listing(cast.carrots(farm), day): 1 for farm in farms})

    with CaptureQueriesContext(connection) as with_many:
        client.get(url(day, "commandes/2/"))

    assert len(with_many) == len(with_one) <= 15
