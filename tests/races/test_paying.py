"""Webhook, return page and poller come at once; somebody cancels, or time is over, while somebody pays.

Each race is first shown to be one: with the look and the write apart, an order is confirmed twice, or comes back to
life, or is let go though it was paid.
"""

from __future__ import annotations

import datetime as dt
import threading
from functools import partial

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from dev.fakestripe import FakeStripe
from dev.fakestripe.refusals import RefusalError
from marche.common.actors import Actor
from marche.common.refusals import Refused
from marche.outbox.models import Message
from marche.payments.actions.expire_payments import expire_payments
from marche.payments.actions.handle_event import handle_event
from marche.payments.actions.reconcile import reconcile
from marche.payments.fetch import fetch
from marche.payments.models import PaymentAttempt, StripeEvent
from orders.actions.cancel_order import cancel_order
from orders.actions.pay_at_stall import pay_at_stall
from orders.actions.pay_online import pay_online
from orders.models import OrderChange, Pickup
from orders.steps.follow_payment import _confirm
from producers.models import Listing
from tests.orders.online.by_card import OrderByCard, attempt_of
from tests.orders.online.conftest import by_card, chicken, day, payable
from tests.races.paying import assert_all_agrees
from tests.races.threads import together
from tests.stripe import deliver

__all__ = ["by_card", "chicken", "day", "payable"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
TIMES = 3
State = PaymentAttempt.State


@pytest.fixture
def waiting(chicken: Listing, by_card: OrderByCard) -> Pickup:
    """An order whose payment page is open."""
    pickup = by_card({chicken: 1})
    pay_online(pickup.pk)
    return pickup


def session(pickup: Pickup) -> str:
    return attempt_of(pickup).session_id


def pays(stripe: FakeStripe, pickup: Pickup) -> bool:
    """Whether Stripe's page took the card."""
    try:
        stripe.pay(session(pickup))
    except RefusalError:
        return False
    return True


def confirmations(pickup: Pickup) -> tuple[int, int]:
    """How often it was noted that the card was accepted, and told to the resident."""
    mails = Message.objects.filter(kind="order-confirmation", subject_id=pickup.pk)
    return pickup.changes.filter(kind=OrderChange.Kind.AUTHORISED).count(), mails.count()


@pytest.mark.parametrize("_again", range(TIMES))
def test_all_who_hear_of_a_payment_at_once_confirm_it_once(
    waiting: Pickup, stripe: FakeStripe, clock: time_machine.Traveller, _again: int
) -> None:
    pays(stripe, waiting)
    deliver(stripe)
    told = [partial(handle_event, pk) for pk in StripeEvent.objects.values_list("pk", flat=True)]
    clock.shift(dt.timedelta(minutes=11))

    results = together(*told, partial(reconcile, attempt_of(waiting).pk, patient=False), expire_payments)

    assert not [result for result in results if isinstance(result, Exception)]
    assert confirmations(waiting) == (1, 1)
    assert_all_agrees(stripe, clock)


@pytest.mark.parametrize("_again", range(TIMES))
def test_who_cancels_while_stripe_tells_of_the_payment_gets_the_money_freed(
    waiting: Pickup, stripe: FakeStripe, clock: time_machine.Traveller, _again: int
) -> None:
    pays(stripe, waiting)

    results = together(
        partial(reconcile, attempt_of(waiting).pk),
        partial(cancel_order, waiting.pk, reason="empêchement", by=Actor.resident()),
        partial(reconcile, attempt_of(waiting).pk),
    )

    assert not [result for result in results if isinstance(result, Exception)]
    assert_all_agrees(stripe, clock)
    assert attempt_of(waiting).state == State.VOIDED


@pytest.mark.parametrize("_again", range(TIMES))
def test_who_pays_as_the_time_is_over_has_paid_or_can_not(
    waiting: Pickup, stripe: FakeStripe, clock: time_machine.Traveller, _again: int
) -> None:
    PaymentAttempt.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))

    [_asked, taken, _asked_too] = together(expire_payments, partial(pays, stripe, waiting), expire_payments)
    expire_payments()

    waiting.refresh_from_db()
    assert not waiting.is_pending
    assert taken is not waiting.is_cancelled
    assert_all_agrees(stripe, clock)


@pytest.mark.parametrize("_again", range(TIMES))
def test_who_chooses_the_stalls_in_one_tab_and_pays_in_the_other_does_one_of_the_two(
    waiting: Pickup, stripe: FakeStripe, clock: time_machine.Traveller, _again: int
) -> None:
    [at_stall, taken] = together(partial(pay_at_stall, waiting.pk), partial(pays, stripe, waiting))

    assert at_stall is not taken
    assert waiting.parts.filter(online=True).exists() is taken
    assert_all_agrees(stripe, clock)


@pytest.mark.parametrize("_again", range(TIMES))
def test_many_tabs_that_open_the_page_at_once_open_the_same(
    chicken: Listing, by_card: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller, _again: int
) -> None:
    pickup = by_card({chicken: 1})

    results = together(*[partial(pay_online, pickup.pk)] * 4)

    # Stripe refuses a key while it answers the first who came with it: that tab is told to try again.
    assert {type(result) for result in results} <= {str, Refused}
    assert {result for result in results if isinstance(result, str)} == {attempt_of(pickup).session_url}
    assert len(stripe.state()["sessions"]) == 1
    assert_all_agrees(stripe, clock)


class TestWithoutTheLock:
    """The same races with the look and the write apart."""

    def test_a_payment_is_confirmed_as_often_as_somebody_hears_of_it(self, waiting: Pickup, stripe: FakeStripe) -> None:
        pays(stripe, waiting)
        everybody_has_looked = threading.Barrier(2, timeout=30)

        def look_then_confirm() -> None:
            found = Pickup.objects.get(pk=waiting.pk)
            everybody_has_looked.wait()
            if found.to_be_paid_by:
                OrderChange.objects.create(
                    pickup=found, kind=OrderChange.Kind.AUTHORISED, at=found.placed_at, actor="system", reason="-"
                )

        together(*[look_then_confirm] * 2)

        assert confirmations(waiting)[0] == 2

    def test_who_looked_before_the_cancelling_brings_the_order_back_to_life(
        self, waiting: Pickup, stripe: FakeStripe
    ) -> None:
        pays(stripe, waiting)
        seen = Pickup.objects.select_related("order", "day__market").get(pk=waiting.pk)
        cancel_order(waiting.pk, reason="empêchement", by=Actor.resident())

        assert seen.is_pending
        with transaction.atomic():
            _confirm(seen)

        waiting.refresh_from_db()
        assert waiting.is_cancelled
        assert waiting.order.status == "placed"

    def test_a_timer_that_has_not_asked_stripe_lets_go_of_what_is_paid(
        self, waiting: Pickup, stripe: FakeStripe
    ) -> None:
        before = fetch(attempt_of(waiting))

        assert pays(stripe, waiting)
        assert before.session == "open"  # what a timer would act upon
        assert fetch(attempt_of(waiting), end=True).session == "complete"  # what we act upon
