"""Workers, producers and managers at once: each thing is asked of Stripe once, and nobody waits for the other forever.

Each race is first shown to be one: with the look and the write apart, money is taken, refunded or passed on twice, or
never.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import time_machine
from pytest_django import Settings

from dev.fakestripe import FakeStripe
from marche.common.actors import Actor
from marche.common.refusals import Refused
from marche.payments.actions.capture_due import capture_due
from marche.payments.actions.carry_out import carry_out
from marche.payments.actions.reconcile import reconcile
from marche.payments.actions.transfer_due import transfer_due
from marche.payments.ledger import balances
from marche.payments.models import Instruction, Share
from orders.actions.cancel_order import cancel_order
from orders.actions.hand_over import hand_over
from orders.actions.prepare_part import prepare_part
from orders.actions.strike_lines import strike_lines
from orders.actions.take_back import take_back
from orders.models import Pickup, StrikeReason
from producers.models import Listing
from tests import cast
from tests.orders.online.by_card import EVENING, FRIDAY, MORNING, ON_FRIDAY, OrderByCard, attempt_of, settle, someone
from tests.orders.online.conftest import by_card, chicken, day, paid, payable
from tests.races.paying import assert_all_agrees, honey
from tests.races.threads import together
from tests.stripe import TILL

__all__ = ["by_card", "chicken", "day", "honey", "paid", "payable"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
TIMES = 3
WORKERS = 4


@pytest.fixture
def pickup(chicken: Listing, honey: Listing, paid: OrderByCard, clock: time_machine.Traveller) -> Pickup:
    """An order at two stalls, for which the card holds the money, while producers prepare."""
    someone("ferme")
    found = paid({chicken: 1, honey: 1})
    clock.move_to(FRIDAY)
    return found


@pytest.fixture
def taken(pickup: Pickup, clock: time_machine.Traveller, settings: Settings) -> Pickup:
    """18.00 € of chicken and 8.50 € of honey were taken, on the eve of the market, which is on."""
    for prepare in preparing(pickup):
        prepare()
    settings.CARD_CORRECTION_HOURS = ON_FRIDAY
    capture_due()
    settle(clock)
    clock.move_to(MORNING)
    return pickup


def preparing(pickup: Pickup) -> list[Callable[[], Any]]:
    """Each producer about to prepare its part; the chicken weighs 1.5 kg."""
    return [
        partial(
            prepare_part,
            part.pk,
            grams={line.pk: 1500 for line in part.details.filter(unit="weighed")},
            struck={},
            by=Actor.producer(someone("ferme")),
        )
        for part in pickup.parts.all()
    ]


def due(pickup: Pickup, clock: time_machine.Traveller) -> None:
    """Prepared, and the money is to be taken."""
    for prepare in preparing(pickup):
        prepare()
    clock.move_to(cast.NOON)
    capture_due()


def handing_over(pickup: Pickup) -> list[Callable[[], Any]]:
    return [partial(hand_over, part.pk, by=Actor.producer(someone("ferme"))) for part in pickup.parts.all()]


def striking(pickup: Pickup, listing: Listing) -> Callable[[], Any]:
    part = pickup.parts.get(producer=listing.producer)
    lines = list(part.details.values_list("pk", flat=True))
    return partial(
        strike_lines,
        part.pk,
        lines=lines,
        why=StrikeReason.QUALITY,
        reason="bruised",
        by=Actor.manager(someone("ferme")),
    )


def collect(pickup: Pickup, clock: time_machine.Traveller) -> None:
    for hand in handing_over(pickup):
        hand()
    clock.move_to(EVENING)


def cents(kind: str) -> list[int]:
    return list(Instruction.objects.filter(kind=kind).order_by("cents").values_list("cents", flat=True))


@pytest.mark.parametrize("_again", range(TIMES))
def test_two_producers_are_ready_as_the_time_comes_and_the_money_is_taken_once(
    pickup: Pickup, stripe: FakeStripe, clock: time_machine.Traveller, _again: int
) -> None:
    clock.move_to(cast.NOON)
    together(*preparing(pickup), capture_due, capture_due)

    assert Instruction.objects.filter(kind="capture").exclude(state="dropped").count() == 1
    assert_all_agrees(stripe, clock)
    done = Instruction.objects.filter(state="done")
    [taken], refunds = ([one.cents for one in done.filter(kind=kind)] for kind in ("capture", "refund"))
    assert taken - sum(refunds) == 1800 + 850


@pytest.mark.parametrize("_again", range(TIMES))
def test_workers_who_come_at_once_carry_out_each_instruction_once(
    pickup: Pickup, stripe: FakeStripe, clock: time_machine.Traveller, _again: int
) -> None:
    due(pickup, clock)

    results = together(*[carry_out] * WORKERS)

    assert sorted(results) == [0] * (WORKERS - 1) + [1]
    assert Instruction.objects.get().tries == 1
    assert_all_agrees(stripe, clock)


@pytest.mark.parametrize("_again", range(TIMES))
def test_what_is_taken_off_as_it_is_handed_over_is_refunded_once_and_not_passed_on(
    taken: Pickup, honey: Listing, stripe: FakeStripe, clock: time_machine.Traveller, _again: int
) -> None:
    results = together(*handing_over(taken), striking(taken, honey), striking(taken, honey))
    assert not [result for result in results if isinstance(result, Exception)]
    clock.move_to(EVENING)
    settle(clock)
    transfer_due(TILL)

    assert (cents("refund"), cents("transfer")) == ([850], [1800])
    assert_all_agrees(stripe, clock)


@pytest.mark.parametrize("_again", range(TIMES))
def test_the_evening_that_comes_twice_pays_each_producer_once(
    taken: Pickup, stripe: FakeStripe, clock: time_machine.Traveller, _again: int
) -> None:
    collect(taken, clock)

    together(*[partial(transfer_due, TILL)] * WORKERS)

    assert cents("transfer") == [850, 1800]
    assert_all_agrees(stripe, clock)


@pytest.mark.parametrize("_again", range(TIMES))
def test_what_is_refunded_while_producers_are_paid_is_taken_back(
    taken: Pickup, honey: Listing, stripe: FakeStripe, clock: time_machine.Traveller, _again: int
) -> None:
    collect(taken, clock)

    results = together(partial(transfer_due, TILL), striking(taken, honey), carry_out, carry_out)
    assert not [result for result in results if isinstance(result, Exception)]
    settle(clock)
    transfer_due(TILL)

    assert cents("refund") == [850]
    assert_all_agrees(stripe, clock)
    assert sum(cents("transfer")) - sum(cents("reversal")) == 1800


@pytest.mark.parametrize("_again", range(TIMES))
def test_a_storm_of_everything_ends_with_even_books_and_nobody_in_deadlock(
    chicken: Listing, honey: Listing, paid: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller,
    settings: Settings, _again: int,
) -> None:  # fmt: skip
    someone("ferme")
    first, second, third = (paid({chicken: 1, honey: 1}) for _order in range(3))
    clock.move_to(FRIDAY)
    for prepare in [*preparing(first), *preparing(second)]:
        prepare()
    settings.CARD_CORRECTION_HOURS = ON_FRIDAY
    for one in (first, second):
        reconcile(attempt_of(one).pk)  # which sees that it is time
    settle(clock)
    settings.CARD_CORRECTION_HOURS = 0
    clock.move_to(MORNING)
    collect(first, clock)

    evening: Callable[[], Any] = partial(transfer_due, TILL)
    of_honey = first.parts.get(producer=honey.producer)
    results = together(
        *handing_over(second), striking(first, honey), striking(second, chicken),
        partial(take_back, of_honey.pk, reason="erreur", by=Actor.producer(someone("ferme"))),
        partial(cancel_order, third.pk, reason="orage", by=Actor.manager()),
        evening, evening, carry_out, carry_out,
        capture_due, *[partial(reconcile, attempt_of(one).pk) for one in (first, second, third)],
    )  # fmt: skip

    assert not [result for result in results if isinstance(result, Exception) and not isinstance(result, Refused)]
    settle(clock)
    transfer_due(TILL)
    assert_all_agrees(stripe, clock)


class TestWithoutTheLock:
    """The same races with the look and the write apart."""

    def test_two_sweeps_both_think_that_nothing_was_taken_yet(self, pickup: Pickup) -> None:
        everybody_has_looked = threading.Barrier(2, timeout=30)

        def look() -> bool:
            is_asked = Instruction.objects.filter(kind="capture", attempt__order=pickup.pk).exists()
            everybody_has_looked.wait()
            return is_asked

        assert together(look, look) == [False, False]

    def test_all_workers_take_the_same_instruction(self, pickup: Pickup, clock: time_machine.Traveller) -> None:
        due(pickup, clock)
        everybody_has_looked = threading.Barrier(WORKERS, timeout=30)

        def claim() -> int:
            found = Instruction.objects.due().get()
            everybody_has_looked.wait()
            return found.pk

        assert len(set(together(*[claim] * WORKERS))) == 1

    def test_the_evening_that_comes_twice_pays_twice(self, taken: Pickup, clock: time_machine.Traveller) -> None:
        collect(taken, clock)
        everybody_has_looked = threading.Barrier(2, timeout=30)

        def look_then_pay() -> int:
            owed = sum(balance.owed_cents for balance in balances(Share.objects.all()))
            everybody_has_looked.wait()
            return owed

        assert together(look_then_pay, look_then_pay) == [1800 + 850, 1800 + 850]

    def test_two_managers_who_take_off_the_same_line_refund_it_twice(self, taken: Pickup, honey: Listing) -> None:
        everybody_has_looked = threading.Barrier(2, timeout=30)
        line = taken.parts.get(producer=honey.producer).details.get()

        def look_then_refund() -> int:
            found = type(line).objects.get(pk=line.pk)
            everybody_has_looked.wait()
            return 0 if found.struck else found.due_cents

        assert together(look_then_refund, look_then_refund) == [850, 850]
