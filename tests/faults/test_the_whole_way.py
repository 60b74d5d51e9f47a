"""The stage itself: an order from the button to the producers' accounts, through every process."""

from __future__ import annotations

import pytest

from orders.models import Pickup
from tests.faults.people import Town, attempt_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


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


def test_without_any_fault_all_is_paid_once(town: Town) -> None:
    pickup = the_whole_way(town)

    balances = town.stage.fake.state()["balances"]["platform"]
    assert attempt_of(pickup).captured_cents == 1800 + 850
    assert (balances["captured"], balances["refunded"]) == (2650, 850)
    assert (balances["transferred"], balances["reversed"]) == (2650, 850)
