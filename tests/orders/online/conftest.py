"""A market that takes cards: the farm has an account with Stripe, the beekeeper only once a test opens one."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from dev.fakestripe import FakeStripe
from marche.markets.models import MarketDay
from marche.payments.actions.open_account import open_account
from marche.payments.actions.reconcile import reconcile
from marche.payments.actions.refresh_account import refresh_account
from marche.payments.models import Account
from orders.actions.pay_online import pay_online
from orders.models import Pickup
from orders.presenters.basket import contents_of
from orders.presenters.card_choice import online_of
from producers.models import Listing, Producer
from tests import cast
from tests.orders.online.by_card import FRIDAY, ON_FRIDAY, Charged, OrderByCard, Payable, attempt_of, prepare, settle
from tests.stripe import TILL


@pytest.fixture
def day(tuesday: None, db: None, stripe: FakeStripe) -> MarketDay:
    """A market day of a market that takes cards."""
    return cast.saturday(cast.beauvais(till=TILL))


@pytest.fixture
def payable(stripe: FakeStripe) -> Payable:
    """Give a producer an account to which Stripe sends money."""

    def opened(producer: Producer) -> Account:
        account = open_account(producer.pk, till_name=TILL)
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
