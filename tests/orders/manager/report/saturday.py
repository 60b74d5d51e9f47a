"""A market day computed by hand: its goods, its orders, and what is handed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import time_machine
from django.contrib.auth.models import User

from marche.common.actors import Actor
from marche.markets.models import MarketDay
from orders.actions.hand_over import hand_over
from orders.models import Pickup, ProducerOrder
from orders.presenters.paying import Payment
from producers.kinds import PaymentMeans
from producers.models import Listing
from tests import cast


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
        with time_machine.travel(cast.SEVEN, tick=False):
            hand_over(self.part(pickup, stall).pk, payment=payment, by=Actor.producer(self.seller), **more)


@dataclass
class Orders:
    lea: Pickup
    odette: Pickup
    cancelled: Pickup
