"""A market that takes cards: the farm has an account with Stripe, the beekeeper only once a test opens one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User

from dev.fakestripe import FakeStripe
from marche.common.actors import Actor
from marche.markets.models import MarketDay
from marche.payments.actions.capture_due import capture_due
from marche.payments.actions.carry_out import carry_out
from marche.payments.actions.open_account import open_account
from marche.payments.actions.reconcile import reconcile
from marche.payments.actions.refresh_account import refresh_account
from marche.payments.models import Account, PaymentAttempt
from orders.actions.pay_online import pay_online
from orders.actions.prepare_part import prepare_part
from orders.actions.strike_lines import strike_lines
from orders.models import Pickup, StrikeReason
from orders.presenters.basket import contents_of
from orders.presenters.card_choice import online_of
from producers.models import Listing, Producer
from tests import cast
from tests.stripe import TILL, stripe

__all__ = ["stripe"]

EVENING = dt.datetime(2026, 11, 28, 19, 0, tzinfo=cast.PARIS)  # of the market day
MORNING = dt.datetime(2026, 11, 28, 7, 30, tzinfo=cast.PARIS)
FRIDAY = dt.datetime(2026, 11, 27, 17, 0, tzinfo=cast.PARIS)  # after the cutoff, while producers prepare
NOON = dt.datetime(2026, 11, 28, 12, 0, tzinfo=cast.PARIS)  # the market ends: cards are charged
ON_FRIDAY = -20  # CARD_CORRECTION_HOURS of a town that charges cards at 16:00 on the eve of its market

Payable = Callable[[Producer], Account]
OrderByCard = Callable[..., Pickup]
Charged = Callable[[dict[Listing, int], dict[Listing, int]], Pickup]


@pytest.fixture
def day(tuesday: None, db: None, stripe: FakeStripe) -> MarketDay:
    """A market day of a market that takes cards."""
    return cast.saturday(cast.beauvais(till=TILL))


@pytest.fixture
def payable(stripe: FakeStripe) -> Payable:
    """Give a producer an account to which Stripe sends money."""

    def opened(producer: Producer) -> Account:
        account = open_account(producer, TILL)
        stripe.activate(account.stripe_id)
        return refresh_account(account.pk)

    return opened


@pytest.fixture
def chicken(day: MarketDay, payable: Payable) -> Listing:
    """12 € a kilogram, about 1.6 kg, 1.8 at most: 19.20 €, 21.60 € at most; of the farm, which can be paid."""
    seller = cast.ferme_du_ru(day.market)
    payable(seller)
    return cast.listing(cast.chicken(seller), day, price_cents=1200, quantity=10)


@pytest.fixture
def carrots(chicken: Listing, day: MarketDay) -> Listing:
    """3.75 € a kilogram by 500 g: 1.88 €; of the same farm."""
    return cast.listing(cast.carrots(chicken.producer), day, price_cents=375, quantity=10)


@pytest.fixture
def by_card(day: MarketDay) -> OrderByCard:
    """Place an order that is to be paid by card, at the amounts that the page showed."""

    def placed(items: dict[Listing, int], **changes: Any) -> Pickup:
        basket = cast.basket_of(items, **changes)
        online = online_of(day, contents_of(basket).groups)
        assert online, "nothing of this basket can be paid by card"
        return cast.order(basket, card_cents=online.cents)

    return placed


@pytest.fixture
def paid(by_card: OrderByCard, stripe: FakeStripe) -> OrderByCard:
    """The same, and pay it on Stripe's page; we have heard of it."""

    def placed(items: dict[Listing, int], **changes: Any) -> Pickup:
        pickup = by_card(items, **changes)
        pay_online(pickup.pk)
        stripe.pay(attempt_of(pickup).session_id)
        reconcile(attempt_of(pickup).pk)
        pickup.refresh_from_db()
        return pickup

    return placed


@pytest.fixture
def charged_on_friday(settings: Any) -> None:
    """A town in which nothing can be corrected any more on the Friday afternoon: the card is charged then."""
    settings.CARD_CORRECTION_HOURS = ON_FRIDAY


@pytest.fixture
def charged(paid: OrderByCard, clock: time_machine.Traveller, charged_on_friday: None) -> Charged:
    """The same, prepared on the Friday: what weighs so many grams; the card was charged, before the market."""

    def prepared(items: dict[Listing, int], grams: dict[Listing, int]) -> Pickup:
        pickup = paid(items)
        clock.move_to(FRIDAY)
        prepare(pickup, grams)
        settle(clock)
        return pickup

    return prepared


def attempt_of(pickup: Pickup) -> PaymentAttempt:
    """The last attempt to pay an order."""
    return PaymentAttempt.objects.filter(order=pickup.pk).latest("pk")


def settle(clock: time_machine.Traveller) -> None:
    """Carry out what was asked of Stripe, and what follows from it, however often it takes."""
    while carry_out():
        clock.shift(1)


def charge(clock: time_machine.Traveller) -> None:
    """The market ends: what is due is taken."""
    clock.move_to(NOON)
    capture_due()
    settle(clock)


def prepare(pickup: Pickup, grams: Mapping[Listing, int], *, without: tuple[Listing, ...] = ()) -> None:
    """Prepare the part of the farm: what weighs how much, and what there is none of."""
    part = pickup.parts.get(producer=next(iter((*grams, *without))).producer)
    line = {detail.listing_id: detail.pk for detail in part.details.all()}
    struck = {line[listing.pk]: StrikeReason.SHORTAGE for listing in without}
    weighed = {line[listing.pk]: weight for listing, weight in grams.items()}
    prepare_part(part.pk, grams=weighed, struck=struck, sure=weighed, by=Actor.producer(someone("ferme")))


def someone(name: str) -> User:
    return User.objects.filter(email=f"{name}@example.org").first() or cast.member(f"{name}@example.org")


def strike(pickup: Pickup, listing: Listing) -> None:
    part = pickup.parts.get(producer=listing.producer)
    lines = part.details.filter(listing=listing).values_list("pk", flat=True)
    strike_lines(
        part.pk,
        lines=list(lines),
        why=StrikeReason.COMPLAINT,
        reason="It was bruised",
        by=Actor.manager(someone("claire")),
    )


def money(stripe: FakeStripe) -> tuple[int, int, int]:
    """Captured, refunded, and still held on cards, in cents."""
    state = stripe.state()
    held = sum(row["amount_capturable"] for row in state["payment_intents"])
    return state["balances"]["platform"]["captured"], state["balances"]["platform"]["refunded"], held


def by_hand(stripe: FakeStripe, attempt: PaymentAttempt, **asked: int) -> None:
    """In the dashboard: capture or refund so many cents."""
    client = stripe.client().v1
    if "capture" in asked:
        client.payment_intents.capture(attempt.intent_id, {"amount_to_capture": asked["capture"]})
    else:
        client.refunds.create({"payment_intent": attempt.intent_id, "amount": asked["refund"]})
