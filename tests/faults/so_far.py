"""Orders that have come so far, when something goes wrong."""

from __future__ import annotations

from orders.models import Pickup
from tests.faults.people import Town


def paid(town: Town) -> Pickup:
    return town.paid()


def taken(town: Town) -> Pickup:
    pickup = paid(town)
    town.prepares(pickup)
    town.stage.settle()
    return pickup


def collected(town: Town) -> Pickup:
    pickup = taken(town)
    town.hands_over(pickup)
    return pickup


def passed_on(town: Town) -> Pickup:
    pickup = collected(town)
    town.pays_producers()
    town.stage.settle()
    return pickup
