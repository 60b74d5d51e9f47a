"""What is taken off, cancelled or missing after the card was charged goes back to it."""

from __future__ import annotations

import datetime as dt

import time_machine

from dev.fakestripe import FakeStripe
from marche.common.actors import Actor
from marche.markets.models import MarketDay
from marche.outbox.models import Message
from marche.payments.actions.carry_out import carry_out
from marche.payments.models import Instruction
from orders.actions.cancel_order import cancel_order
from orders.actions.cancel_part import cancel_part
from orders.actions.hand_over import hand_over
from orders.actions.prepare_rest import prepare_rest
from orders.actions.take_back import take_back
from producers.models import Listing
from tests.orders.online.by_card import (
    FRIDAY,
    MORNING,
    Charged,
    OrderByCard,
    Payable,
    charge,
    money,
    prepare,
    settle,
    someone,
    strike,
)


def test_a_line_that_is_taken_off_after_the_money_was_taken_is_given_back_once(
    chicken: Listing, carrots: Listing, charged: Charged, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = charged({chicken: 1, carrots: 2}, {chicken: 1600})
    for _twice in range(2):
        strike(pickup, carrots)
        settle(clock)

    assert money(stripe) == (1920 + 375, 375, 0)
    refund = Message.objects.get(kind="order-refunded", subject_id=pickup.pk)
    assert Instruction.objects.get(pk=refund.revision).reason.endswith("It was bruised")


def test_two_lines_taken_off_one_after_the_other_are_both_given_back(
    chicken: Listing, carrots: Listing, charged: Charged, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = charged({chicken: 1, carrots: 2}, {chicken: 1600})
    strike(pickup, carrots)
    strike(pickup, chicken)  # while the first refund waits
    settle(clock)

    assert money(stripe) == (2295, 2295, 0)


def test_a_part_that_is_cancelled_is_given_back_and_the_rest_stands(
    chicken: Listing, honey: Listing, payable: Payable, paid: OrderByCard, stripe: FakeStripe,
    clock: time_machine.Traveller, day: MarketDay,
) -> None:  # fmt: skip
    payable(honey.producer)
    pickup = paid({chicken: 1, honey: 1})
    clock.move_to(FRIDAY)
    prepare(pickup, {chicken: 1600})
    prepare_rest(day.pk, producer_id=honey.producer_id, by=Actor.producer(someone("rucher")))
    charge(clock)
    part = pickup.parts.get(producer=honey.producer)
    for _twice in range(2):
        cancel_part(part.pk, reason="The bees are ill", by=Actor.manager(someone("claire")))
        settle(clock)

    assert money(stripe) == (1920 + 850, 850, 0)
    assert Listing.objects.get(pk=honey.pk).reserved == 0
    pickup.refresh_from_db()
    assert not pickup.is_cancelled
    assert Message.objects.filter(kind="part-cancelled", subject_id=pickup.pk).count() == 1


def test_with_its_last_part_an_order_is_cancelled(
    chicken: Listing, paid: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = paid({chicken: 1})
    cancel_part(pickup.parts.get().pk, reason="No chicken", by=Actor.manager(someone("claire")))
    settle(clock)

    pickup.refresh_from_db()
    assert pickup.is_cancelled
    assert money(stripe) == (0, 0, 0)


def test_an_order_is_cancelled_and_given_back_even_after_its_market(
    chicken: Listing, charged: Charged, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = charged({chicken: 1}, {chicken: 1600})
    clock.move_to(pickup.day.ends_at + dt.timedelta(days=1))
    for _twice in range(2):
        cancel_order(pickup.pk, reason="The resident was ill", by=Actor.manager())
        settle(clock)

    assert money(stripe) == (1920, 1920, 0)


def test_what_is_missing_at_the_stall_is_given_back_and_stays_so(
    chicken: Listing, carrots: Listing, charged: Charged, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = charged({chicken: 1, carrots: 2}, {chicken: 1600})
    clock.move_to(MORNING)
    marie, part = someone("marie"), pickup.parts.get()
    hand_over(part.pk, missing={part.details.get(listing=carrots).pk}, by=Actor.producer(marie))
    settle(clock)
    assert money(stripe) == (2295, 375, 0)

    take_back(part.pk, reason="Noted by mistake", by=Actor.producer(marie))
    settle(clock)
    assert money(stripe) == (2295, 375, 0)
    assert part.details.get(listing=carrots).missing


def test_a_refund_that_stripe_refuses_waits_for_a_manager(
    chicken: Listing, carrots: Listing, charged: Charged, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = charged({chicken: 1, carrots: 2}, {chicken: 1600})
    stripe.fault("error", "/refunds", "POST", status=400)
    strike(pickup, carrots)
    settle(clock)
    strike(pickup, chicken)
    carry_out()

    assert [row.state for row in Instruction.objects.filter(kind="refund")] == [Instruction.State.REFUSED]
    assert money(stripe) == (2295, 0, 0)
