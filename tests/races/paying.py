"""A market that takes cards, for the races about money. `from tests.races.paying import *names*` in a test module."""

from __future__ import annotations

import pytest
import time_machine

from dev.fakestripe import FakeStripe
from producers.models import Listing
from tests import cast
from tests.faults.audit import audit
from tests.orders.online.by_card import Payable, settle


@pytest.fixture
def honey(chicken: Listing, payable: Payable) -> Listing:
    """8.50 € a jar, of the beekeeper, who has an account here."""
    seller = cast.le_rucher(chicken.day.market)
    payable(seller)
    return cast.listing(cast.honey(seller), chicken.day, price_cents=850)


def assert_all_agrees(stripe: FakeStripe, clock: time_machine.Traveller) -> None:
    """Once everything that was asked of Stripe is done, the books are in order."""
    settle(clock)
    audit(stripe)
