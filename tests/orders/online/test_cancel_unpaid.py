"""Orders that nobody can pay any more, and of which Stripe knows nothing."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from dev.fakestripe import FakeStripe
from marche.payments.hold import hold
from marche.payments.models import PaymentAttempt
from marche.shop.oscar import Order
from orders.actions.cancel_unpaid import cancel_unpaid
from orders.models import OrderChange, Pickup
from producers.models import Listing
from tests.orders.online.by_card import OrderByCard, attempt_of

pytestmark = pytest.mark.django_db(transaction=True)

AN_HOUR = dt.timedelta(hours=1)


@pytest.fixture
def unopened(by_card: OrderByCard, chicken: Listing) -> Pickup:
    """Waits for its payment; Stripe refused to open a page for it."""
    pickup = by_card({chicken: 1})
    PaymentAttempt.objects.filter(pk=attempt_of(pickup).pk).update(state=PaymentAttempt.State.EXPIRED)
    return pickup


def is_cancelled(pickup: Pickup) -> bool:
    pickup.refresh_from_db()
    return pickup.is_cancelled


def test_it_is_cancelled_when_its_time_is_over(unopened: Pickup, clock: time_machine.Traveller) -> None:
    clock.shift(AN_HOUR)

    cancel_unpaid()

    assert is_cancelled(unopened)
    change = unopened.changes.get()
    assert (change.kind, change.reason) == (OrderChange.Kind.CANCELLED, "Elle n’a pas été payée à temps")


def test_it_waits_until_its_time_is_over(unopened: Pickup) -> None:
    cancel_unpaid()
    assert not is_cancelled(unopened)


def test_one_with_a_page_waits_for_stripe(
    by_card: OrderByCard, chicken: Listing, clock: time_machine.Traveller, stripe: FakeStripe
) -> None:
    pickup = by_card({chicken: 1})
    clock.shift(AN_HOUR)

    cancel_unpaid()

    assert not is_cancelled(pickup)


def test_it_waits_while_payments_are_on_hold(unopened: Pickup, clock: time_machine.Traveller) -> None:
    hold()
    clock.shift(AN_HOUR)

    cancel_unpaid()

    assert not is_cancelled(unopened)


def test_one_that_cannot_be_cancelled_does_not_keep_the_others_waiting(
    unopened: Pickup, by_card: OrderByCard, chicken: Listing, clock: time_machine.Traveller
) -> None:
    Order.objects.filter(pk=unopened.pk).update(status="shipped")  # a ruin: nothing follows it
    other = by_card({chicken: 1}, name="Odette Caron")
    PaymentAttempt.objects.filter(pk=attempt_of(other).pk).update(state=PaymentAttempt.State.EXPIRED)
    clock.shift(AN_HOUR)

    cancel_unpaid()

    assert is_cancelled(other)
    assert not is_cancelled(unopened)
