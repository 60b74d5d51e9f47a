"""A market day computed by hand: two stalls, three orders, one of them cancelled, and what happened on Saturday."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from marche.common.actors import Actor
from marche.markets.models import MarketDay
from orders.actions.cancel_order import cancel_order
from orders.actions.hand_over import hand_over
from orders.models import Pickup, ProducerOrder
from orders.presenters.paying import Payment
from producers.kinds import PaymentMeans
from producers.models import Listing
from tests import cast
from tests.orders.manager.people import SATURDAY_MORNING, claire, signed_in


@dataclass
class Saturday:
    """Carrots at 1.10 € and chicken at 15.68 € (about) from stall 1, honey at 8.50 € without VAT from stall 2."""

    day: MarketDay
    carrots: Listing
    chicken: Listing
    honey: Listing
    seller: User

    def part(self, pickup: Pickup, stall: str) -> ProducerOrder:
        return ProducerOrder.objects.get(pickup=pickup, producer__slug=stall)

    def give(self, pickup: Pickup, stall: str, means: PaymentMeans | None = None, cents: int = 0, **more: Any) -> None:
        """Hand over this stall's part on Saturday at 7:00, paid if `means` are given."""
        payment = Payment(means, cents) if means else None
        with time_machine.travel(SATURDAY_MORNING, tick=False):
            hand_over(self.part(pickup, stall).pk, payment=payment, by=Actor.producer(self.seller), **more)


@pytest.fixture(autouse=True)
def tuesday(clock: time_machine.Traveller) -> None:
    """Orders for Saturday are open, whatever a test asks for."""


@pytest.fixture
def market_day() -> Saturday:
    """With goods, and without any order."""
    day = cast.saturday(cast.beauvais())
    farm, rucher = cast.ferme_du_ru(day.market), cast.le_rucher(day.market)
    return Saturday(
        day,
        cast.listing(cast.carrots(farm), day, quantity=500),
        cast.listing(cast.chicken(farm), day, price_cents=980),
        cast.listing(cast.honey(rucher), day, price_cents=850),
        cast.member("seller@example.org"),
    )


@dataclass
class Orders:
    lea: Pickup
    odette: Pickup
    cancelled: Pickup


@pytest.fixture
def orders(market_day: Saturday) -> Orders:
    """Léa: carrots 2.20 €, chicken 15.68 €, honey 8.50 €. Odette: carrots 1.10 €. A third is cancelled (honey)."""
    lea = cast.placed_order({market_day.carrots: 2, market_day.chicken: 1, market_day.honey: 1})
    odette = cast.placed_order({market_day.carrots: 1}, **cast.ODETTE)
    third = cast.placed_order({market_day.honey: 1}, email="paul@example.org", name="Paul Petit")
    cancel_order(third.pk, reason="erreur", by=Actor.manager())
    return Orders(lea, odette, third)


@pytest.fixture
def collected(market_day: Saturday, orders: Orders) -> Orders:
    """Stall 1 gave Léa the chicken (weighed: 15.00 €, by card) but no carrots; stall 2 the honey, not paid."""
    carrots = market_day.part(orders.lea, "ferme-du-ru").details.get(listing=market_day.carrots)
    market_day.give(orders.lea, "ferme-du-ru", PaymentMeans.CARD, 1500, missing=[carrots.pk])
    market_day.give(orders.lea, "le-rucher")
    return orders


@pytest.fixture
def manager(market_day: Saturday) -> Client:
    return signed_in(claire(market_day.day.market))
