"""A market day computed by hand: two stalls, three orders, one of them cancelled, and what happened on Saturday."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from marche.common.actors import Actor
from orders.actions.cancel_order import cancel_order
from producers.kinds import PaymentMeans
from tests import cast
from tests.orders.manager.people import claire, signed_in
from tests.orders.manager.report.saturday import Orders, Saturday


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
