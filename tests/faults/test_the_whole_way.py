"""The stage itself: an order from the button to the producers' accounts, through every process."""

from __future__ import annotations

import pytest

from tests.faults.people import Town, attempt_of
from tests.faults.whole_way import the_whole_way

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def test_without_any_fault_all_is_paid_once(town: Town) -> None:
    pickup = the_whole_way(town)

    balances = town.stage.fake.state()["balances"]["platform"]
    assert attempt_of(pickup).captured_cents == 1800 + 850
    assert (balances["captured"], balances["refunded"]) == (2650, 850)
    assert (balances["transferred"], balances["reversed"]) == (2650, 850)
