"""The day's page as the day goes on: confirmations, who is to be telephoned, and what the stalls hand over."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marche.common.actors import Actor
from marche.markets.models import MarketDay
from marche.outbox.models import Message
from orders.actions.acknowledge_summary import acknowledge_summary
from orders.actions.cancel_order import cancel_order
from orders.actions.close_day import close_day
from orders.actions.hand_over import hand_over
from orders.models import LineDetail, Pickup, ProducerOrder, Summary
from orders.presenters.paying import Payment
from producers.kinds import PaymentMeans
from producers.models import Listing
from tests import cast
from tests.orders.manager.people import claire, fail, sent, signed_in, text_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

MARKET_HOURS = cast.SEVEN + dt.timedelta(hours=2)


@pytest.fixture
def carrots(day: MarketDay) -> Listing:
    """1.10 € a step, of a farm with a telephone."""
    return cast.listing(cast.carrots(cast.ferme_du_ru(day.market, phone="+33353010101")), day, quantity=500)


@pytest.fixture
def honey(day: MarketDay) -> Listing:
    return cast.listing(cast.honey(cast.le_rucher(day.market)), day, price_cents=850)


@pytest.fixture
def client(day: MarketDay) -> Client:
    return signed_in(claire(day.market))


def shown(client: Client, day: MarketDay, **query: str) -> Any:
    return client.get(url(day), query).context["shown"]


def numbers(client: Client, day: MarketDay, state: str) -> list[int]:
    return [line.pickup.number for line in shown(client, day, etat=state).orders.lines]


def give(pickup: Pickup, stall: str, payment: Payment | None = None) -> None:
    part = ProducerOrder.objects.get(pickup=pickup, producer__slug=stall)
    hand_over(part.pk, payment=payment, by=Actor.producer(part.producer.partner.users.get()))


class TestConfirmations:
    @pytest.fixture(autouse=True)
    def _orders(self, carrots: Listing) -> None:
        """The confirmation of order 1 has left, that of 2 waits, that of 3 failed; 4 has no address, 5 is cancelled."""
        pickups = [cast.placed_order({carrots: 1}, email=f"{i}@example.org") for i in range(3)]
        cast.placed_order({carrots: 1}, **cast.ODETTE)
        cancelled = cast.placed_order({carrots: 1})
        sent(Message.objects.get(subject_id=pickups[0].pk))
        fail(Message.objects.get(subject_id=pickups[2].pk))
        cancel_order(cancelled.pk, reason="erreur", by=Actor.manager())

    def test_orders_whose_confirmation_has_not_left_are_counted(self, client: Client, day: MarketDay) -> None:
        confirmations = shown(client, day).confirmations

        assert (confirmations.unconfirmed, confirmations.silent) == (2, 1)

    def test_and_shown_by_the_link_beside_the_figure(self, client: Client, day: MarketDay) -> None:
        assert "?etat=non-confirmees#orders" in client.get(url(day)).content.decode()
        assert numbers(client, day, "non-confirmees") == [2, 3]

    def test_a_search_stays_among_them(self, client: Client, day: MarketDay) -> None:
        lines = shown(client, day, etat="non-confirmees", q="3").orders.lines

        assert [line.pickup.number for line in lines] == [3]


class TestStates:
    @pytest.fixture(autouse=True)
    def _orders(self, carrots: Listing, honey: Listing, clock: time_machine.Traveller) -> None:
        """1 is collected, 2 at one stall of two, 3 not at all, 4 is cancelled."""
        pickups = [cast.placed_order({carrots: 1, honey: 1}) for _i in range(4)]
        cancel_order(pickups[3].pk, reason="erreur", by=Actor.manager())
        clock.move_to(MARKET_HOURS)
        for pickup, stall in ((pickups[0], "ferme-du-ru"), (pickups[0], "le-rucher"), (pickups[1], "le-rucher")):
            give(pickup, stall)

    @pytest.mark.parametrize(
        ("state", "found"),
        [("retirees", [1]), ("en-partie", [2]), ("a-retirer", [3]), ("annulees", [4]), ("zzz", [1, 2, 3, 4])],
    )
    def test_orders_are_found_by_their_state(
        self, client: Client, day: MarketDay, state: str, found: list[int]
    ) -> None:
        assert numbers(client, day, state) == found

    def test_each_order_says_where_it_is(self, client: Client, day: MarketDay) -> None:
        lines = shown(client, day).orders.lines

        assert [line.state for line in lines] == ["retirees", "en-partie", "a-retirer", "annulees"]

    def test_after_the_market_what_nobody_came_for_is_not_collected(
        self, client: Client, day: MarketDay, clock: time_machine.Traveller
    ) -> None:
        clock.move_to(cast.SUNDAY)

        assert numbers(client, day, "non-retirees") == [3]
        assert [line.state for line in shown(client, day).orders.lines][2] == "non-retirees"

    def test_what_was_found_is_added_up(self, client: Client, day: MarketDay) -> None:
        orders = shown(client, day, etat="en-partie").orders

        assert (orders.count, orders.cancelled, orders.total_cents) == (1, 0, 960)

    def test_an_order_says_it_too(self, client: Client, day: MarketDay) -> None:
        states = [client.get(url(day, f"commandes/{number}/")).context["state"] for number in range(1, 5)]

        assert states == ["retirees", "en-partie", "a-retirer", "annulees"]


def test_who_offers_nothing_is_named_with_a_telephone(client: Client, day: MarketDay, carrots: Listing) -> None:
    Listing.objects.update(on=False)

    [stand] = shown(client, day).without_offer

    assert stand.producer == carrots.producer
    assert "tel:+33353010101" in client.get(url(day)).content.decode()


def test_nobody_is_asked_for_an_offer_after_the_cutoff(
    client: Client, day: MarketDay, carrots: Listing, clock: time_machine.Traveller
) -> None:
    Listing.objects.update(on=False)
    clock.move_to(cast.AFTER_CUTOFF)

    assert shown(client, day).without_offer == []


def test_who_has_not_acknowledged_is_named_until_the_market_is_over(
    client: Client, day: MarketDay, carrots: Listing, honey: Listing, clock: time_machine.Traveller
) -> None:
    cast.placed_order({carrots: 1, honey: 1})
    clock.move_to(cast.AFTER_CUTOFF)
    close_day(day.pk)
    acknowledge_summary(Summary.objects.get(producer=honey.producer).token)

    assert [stand.producer for stand in shown(client, day).unacknowledged] == [carrots.producer]
    assert not shown(client, day).is_late
    clock.move_to(cast.SEVEN)
    assert shown(client, day).is_late
    clock.move_to(cast.SUNDAY)
    assert shown(client, day).unacknowledged == []


def test_the_progress_of_each_stall(
    client: Client, day: MarketDay, carrots: Listing, honey: Listing, clock: time_machine.Traveller
) -> None:
    first, _second = cast.placed_order({carrots: 1, honey: 1}), cast.placed_order({carrots: 1})
    clock.move_to(MARKET_HOURS)
    give(first, "ferme-du-ru", Payment(PaymentMeans.CHEQUE, 110))

    page = shown(client, day)

    assert [(s.handed_over, s.orders, s.taken_cents) for s in page.busy_stands] == [(1, 2, 110), (0, 1, 0)]
    assert (page.handed_over, page.left, page.taken_cents) == (1, 2, 110)


@pytest.mark.parametrize(
    ("when", "before", "after"),
    [
        (MARKET_HOURS, 'id="progress"', 'class="figures"'),
        (cast.SUNDAY, "/bilan/#non-retirees", 'class="figures"'),
        (cast.AFTER_CUTOFF, 'class="figures"', 'id="producers"'),
    ],
    ids=["on", "over", "closed"],
)
def test_what_matters_now_comes_first(
    client: Client,
    day: MarketDay,
    carrots: Listing,
    clock: time_machine.Traveller,
    when: dt.datetime,
    before: str,
    after: str,
) -> None:
    cast.placed_order({carrots: 1})
    clock.move_to(when)

    page = client.get(url(day)).content.decode()

    assert 0 < page.index(before) < page.index(after)


def test_an_order_says_what_each_stall_noted(
    client: Client, day: MarketDay, carrots: Listing, clock: time_machine.Traveller
) -> None:
    pickup = cast.placed_order({carrots: 2})
    clock.move_to(MARKET_HOURS)
    give(pickup, "ferme-du-ru", Payment(PaymentMeans.CARD, 200))
    LineDetail.objects.update(missing=True)

    page = text_of(client.get(url(day, "commandes/1/"))).replace("\xa0", " ")

    assert "2,00 € (carte" in page
    assert "<s>2,20" in client.get(url(day, "commandes/1/")).content.decode()


def test_the_number_of_queries_depends_on_no_state(
    client: Client, day: MarketDay, carrots: Listing, honey: Listing, clock: time_machine.Traveller
) -> None:
    pickups = [cast.placed_order({carrots: 1, honey: 1}) for _i in range(4)]
    clock.move_to(MARKET_HOURS)
    with CaptureQueriesContext(connection) as before:
        client.get(url(day))
    for pickup in pickups[:3]:
        give(pickup, "ferme-du-ru", Payment(PaymentMeans.CASH, 110))

    with CaptureQueriesContext(connection) as after:
        client.get(url(day))

    assert len(after) == len(before) <= 20
