"""The whole way of an order that is paid by card."""

from __future__ import annotations

from orders.models import Pickup
from tests.faults.people import Town


def the_whole_way(town: Town) -> Pickup:
    """Ordered, paid, weighed, taken, handed over, passed on; then the honey was bruised: refunded, and taken back."""
    pickup = town.paid()
    town.prepares(pickup)
    town.stage.settle()
    town.hands_over(pickup)
    town.pays_producers()
    town.stage.settle()
    town.strikes(pickup, town.honey)
    town.stage.settle()
    return pickup
