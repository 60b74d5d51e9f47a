"""From the basket to the producers' accounts, with the money followed to the cent."""

from __future__ import annotations

import time_machine

from dev.fakestripe import FakeStripe
from marche.common.actors import Actor
from marche.outbox.models import Message
from marche.payments.actions.transfer_due import transfer_due
from marche.payments.models import PaymentAttempt
from orders.actions.hand_over import hand_over
from producers.models import Listing
from tests import cast
from tests.orders.online.by_card import EVENING, FRIDAY, MORNING, OrderByCard, attempt_of, charge, prepare, settle
from tests.stripe import TILL

State = PaymentAttempt.State


def test_an_order_paid_by_card_is_weighed_handed_over_taken_and_its_producer_paid(
    chicken: Listing, carrots: Listing, paid: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = paid({chicken: 1, carrots: 2})
    assert not pickup.is_pending
    assert pickup.order.status == "placed"
    assert attempt_of(pickup).amount_cents == 2160 + 375
    assert Message.objects.filter(kind="order-confirmation", subject_id=pickup.pk).count() == 1

    clock.move_to(FRIDAY)
    prepare(pickup, {chicken: 1550})
    settle(clock)
    clock.move_to(MORNING)
    part = pickup.parts.get()
    hand_over(part.pk, by=Actor.producer(cast.member("marie@example.org")))
    settle(clock)
    assert attempt_of(pickup).state == State.AUTHORISED, "it can still be put right"
    assert transfer_due(TILL) == 0, "not before the market is over"

    charge(clock)
    attempt = attempt_of(pickup)
    assert (attempt.state, attempt.captured_cents) == (State.CAPTURED, 1860 + 375)
    assert Message.objects.filter(kind="order-charged", subject_id=pickup.pk).count() == 1
    clock.move_to(EVENING)
    assert transfer_due(TILL) == 1
    settle(clock)
    assert transfer_due(TILL) == 0
    balances = stripe.state()["balances"]
    assert balances["platform"]["captured"] == balances["platform"]["transferred"] == 2235
    assert [account["net"] for account in balances["accounts"].values()] == [2235]
