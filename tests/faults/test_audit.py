"""The audit that follows each test finds what is wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from marche.markets.models import MarketDay, Slot
from marche.payments.models import Instruction, Movement, PaymentAttempt, Share, StripeEvent
from orders.models import Pickup
from producers.models import Listing
from tests.faults.audit import audit
from tests.faults.people import Town, attempt_of
from tests.faults.whole_way import the_whole_way

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

WRONGS: dict[str, Callable[[], object]] = {
    "goods held for nobody": lambda: Listing.objects.update(reserved=2),
    "a place held for nobody": lambda: Slot.objects.update(reserved=2),
    "an order counted for nobody": lambda: MarketDay.objects.update(orders_count=2),
    "more taken than there": lambda: PaymentAttempt.objects.update(captured_cents=2651),
    "another state than there": lambda: PaymentAttempt.objects.update(state="authorised"),
    "a refund that we do not know": lambda: Instruction.objects.filter(kind="refund").update(stripe_id="re_other"),
    "something that still waits": lambda: Instruction.objects.filter(kind="reversal").update(state="waiting"),
    "more due than was kept": lambda: Share.objects.update(due_cents=850),
    "a cent that moved": lambda: Movement.objects.filter(instruction__kind="capture", cents=850).update(cents=849),
    "an order that waits for nothing": lambda: Pickup.objects.update(to_be_paid_by=Pickup.objects.get().placed_at),
    "an event that nobody has looked at": lambda: StripeEvent.objects.update(handled_at=None),
}


def test_each_wrong_is_found(town: Town) -> None:
    the_whole_way(town)
    for name, do in WRONGS.items():
        with transaction.atomic():
            do()
            assert is_found(town), name
            transaction.set_rollback(True)


def test_what_was_done_by_hand_at_stripe_is_found(town: Town) -> None:
    pickup = town.paid()
    client = town.stage.fake.client()
    intent = attempt_of(pickup).intent_id
    client.v1.payment_intents.capture(intent)
    assert is_found(town)
    town.stage.settle()  # the events have told of it, and it is noted
    assert attempt_of(pickup).captured_cents == 2160 + 850

    town.cancels(pickup)


def is_found(town: Town) -> bool:
    try:
        audit(town.stage.fake)
    except AssertionError:
        return True
    return False
