"""A day is cancelled while residents collect what they pay by card: it pays for what they have, and nothing else."""

from __future__ import annotations

import pytest
import time_machine

from dev.fakestripe import FakeStripe
from marche.common.actors import Actor
from marche.markets.models import MarketDay
from marche.outbox.models import Message
from marche.outbox.rendering import render
from orders.actions.cancel_day import cancel_day
from orders.actions.cancel_orders_of_day import cancel_orders_of_day
from orders.actions.hand_over import hand_over
from orders.models import Pickup, ProducerOrder
from orders.presenters.statement import statement_of
from producers.models import Listing
from tests.orders.online.by_card import (
    FRIDAY,
    MORNING,
    Charged,
    OrderByCard,
    Payable,
    charge,
    money,
    prepare,
    settle,
    someone,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def bees(honey: Listing, payable: Payable) -> Listing:
    """A honey that is paid by card too: 8.50 €."""
    payable(honey.producer)
    return honey


def of(pickup: Pickup, listing: Listing) -> ProducerOrder:
    return pickup.parts.get(producer=listing.producer)


def collect_and_cancel(pickup: Pickup, listing: Listing, day: MarketDay, clock: time_machine.Traveller) -> None:
    """The part of one stall is handed over; then the storm comes, and what follows is done twice."""
    clock.move_to(MORNING)
    hand_over(of(pickup, listing).pk, by=Actor.producer(someone("ferme")))
    cancel_day(day.pk, reason="Alerte tempête", by=Actor.manager())
    for _twice in range(2):
        cancel_orders_of_day(day.pk, by=Actor.manager())
        settle(clock)


def said(pickup: Pickup) -> str:
    return str(render(Message.objects.get(kind="part-cancelled", subject_id=pickup.pk)).body).replace("\xa0", " ")


def test_what_is_reserved_for_the_rest_is_never_taken(
    chicken: Listing,
    bees: Listing,
    paid: OrderByCard,
    day: MarketDay,
    stripe: FakeStripe,
    clock: time_machine.Traveller,
) -> None:
    pickup = paid({chicken: 1, bees: 1})
    clock.move_to(FRIDAY)
    prepare(pickup, {chicken: 1600})
    collect_and_cancel(pickup, chicken, day, clock)
    assert money(stripe)[:2] == (0, 0), "what was noted can still be put right"
    charge(clock)

    assert money(stripe) == (1920, 0, 0)
    assert "19,20 €" in said(pickup)
    assert "rien à payer" not in said(pickup), "it is a card that pays"


def test_what_was_taken_for_the_rest_goes_back(
    chicken: Listing, bees: Listing, charged: Charged, day: MarketDay, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = charged({chicken: 1, bees: 1}, {chicken: 1600})
    taken = money(stripe)[0]
    collect_and_cancel(pickup, chicken, day, clock)

    assert money(stripe) == (taken, taken - 1920, 0)
    assert of(pickup, bees).cancelled_at


def test_statements_tell_of_what_was_handed_over(
    chicken: Listing, bees: Listing, paid: OrderByCard, day: MarketDay, clock: time_machine.Traveller
) -> None:
    pickup = paid({chicken: 1, bees: 1})
    clock.move_to(FRIDAY)
    prepare(pickup, {chicken: 1600})
    collect_and_cancel(pickup, chicken, day, clock)
    charge(clock)

    nets = [statement_of(listing.producer, day).orders.total("debite") for listing in (chicken, bees)]
    assert nets == [1920, 0]


def test_of_two_ways_of_paying_each_is_told(
    chicken: Listing,
    honey: Listing,
    paid: OrderByCard,
    day: MarketDay,
    stripe: FakeStripe,
    clock: time_machine.Traveller,
) -> None:
    """The honey is paid at its stall, and the card pays the chicken: which of them is handed over."""
    pickup = paid({chicken: 1, honey: 1})
    clock.move_to(MORNING)
    hand_over(of(pickup, honey).pk, by=Actor.producer(someone("rucher")))
    cancel_day(day.pk, reason="Alerte tempête", by=Actor.manager())
    cancel_orders_of_day(day.pk, by=Actor.manager())
    settle(clock)

    assert money(stripe) == (0, 0, 0), "nothing is left for the card: it is let go"
    assert of(pickup, honey).cancelled_at is None
