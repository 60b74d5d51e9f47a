"""What is taken is what is due: weighed, struck, missing, until the card is charged."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from dev.fakestripe import FakeStripe
from marche.common.actors import Actor
from marche.common.money import split
from marche.common.refusals import Refused
from marche.markets.models import MarketDay
from marche.outbox.models import Message
from marche.payments.actions.capture_due import capture_due
from marche.payments.actions.reconcile import reconcile
from marche.payments.models import PaymentAttempt
from orders.actions.hand_over import hand_over
from orders.actions.take_back import take_back
from orders.steps.within_card import correctable_until
from producers.models import Listing
from tests import cast
from tests.orders.online.by_card import (
    FRIDAY,
    MORNING,
    Charged,
    OrderByCard,
    attempt_of,
    charge,
    money,
    prepare,
    settle,
    someone,
)

State = PaymentAttempt.State


def test_a_weight_above_the_most_is_taken_at_the_most(chicken: Listing, charged: Charged, stripe: FakeStripe) -> None:
    charged({chicken: 1}, {chicken: 2100})

    assert money(stripe) == (2160, 0, 0)


def test_a_line_of_which_there_was_none_is_not_taken(
    chicken: Listing, carrots: Listing, paid: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = paid({chicken: 1, carrots: 2})
    clock.move_to(FRIDAY)
    prepare(pickup, {}, without=(chicken,))
    charge(clock)

    assert money(stripe) == (375, 0, 0)


def test_a_slip_at_the_scale_is_put_right_before_the_card_is_charged(
    chicken: Listing, paid: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = paid({chicken: 3})
    clock.move_to(FRIDAY)
    prepare(pickup, {chicken: 1620})  # one of the three
    settle(clock)
    assert money(stripe) == (0, 0, 3 * 2160)

    prepare(pickup, {chicken: 4860})
    charge(clock)
    assert money(stripe) == (5832, 0, 0)


def test_before_the_card_is_charged_a_weight_may_rise_up_to_the_most(
    chicken: Listing, paid: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = paid({chicken: 1})
    clock.move_to(cast.NOON - dt.timedelta(minutes=1))
    for grams in (1400, 1500, 2500):
        prepare(pickup, {chicken: grams})
        settle(clock)
    charge(clock)

    assert money(stripe) == (2160, 0, 0)


def test_what_was_noted_as_missing_by_mistake_is_charged_after_all(
    chicken: Listing, carrots: Listing, paid: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = paid({chicken: 1, carrots: 2})
    clock.move_to(MORNING)
    marie, part = someone("marie"), pickup.parts.get()
    hand_over(part.pk, missing=set(part.details.values_list("pk", flat=True)), by=Actor.producer(marie))
    settle(clock)
    assert attempt_of(pickup).state == State.AUTHORISED

    take_back(part.pk, reason="Noted by mistake", by=Actor.producer(marie))
    prepare(pickup, {chicken: 1700})
    hand_over(part.pk, by=Actor.producer(marie))
    charge(clock)
    assert money(stripe) == (2040 + 375, 0, 0)


def test_a_line_taken_off_by_mistake_is_put_back_before_the_card_is_let_go(
    chicken: Listing, paid: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = paid({chicken: 1})
    clock.move_to(FRIDAY)
    prepare(pickup, {}, without=(chicken,))
    settle(clock)
    prepare(pickup, {chicken: 1500})
    charge(clock)

    assert pickup.parts.get().online
    assert money(stripe) == (1800, 0, 0)


def test_it_is_said_until_when_it_can_be_corrected(
    chicken: Listing, honey: Listing, paid: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = paid({chicken: 1, honey: 1})
    by_card, at_stall = pickup.parts.get(online=True), pickup.parts.get(online=False)
    assert (correctable_until(by_card), correctable_until(at_stall)) == (cast.NOON, None)

    early = pickup.day.starts_at - dt.timedelta(hours=1)
    PaymentAttempt.objects.update(capture_before=early + dt.timedelta(hours=24))
    assert correctable_until(by_card) == early

    charge(clock)
    assert correctable_until(by_card) is None


def test_a_town_may_leave_more_time_to_correct(
    chicken: Listing, paid: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller, settings: Settings
) -> None:
    settings.CARD_CORRECTION_HOURS = 3
    pickup = paid({chicken: 1})
    charge(clock)
    assert money(stripe) == (0, 0, 2160)

    assert correctable_until(pickup.parts.get()) == cast.NOON + dt.timedelta(hours=3)
    clock.move_to(cast.NOON + dt.timedelta(hours=3))
    capture_due()
    settle(clock)
    assert money(stripe) == (2160, 0, 0)


def test_after_the_money_was_taken_a_weight_can_only_become_less(
    chicken: Listing, charged: Charged, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = charged({chicken: 1}, {chicken: 1500})
    with pytest.raises(Refused, match="charged"):
        prepare(pickup, {chicken: 1501})
    prepare(pickup, {chicken: 1450})
    settle(clock)
    with pytest.raises(Refused, match="charged"):
        prepare(pickup, {chicken: 1500})

    assert money(stripe) == (1800, 60, 0)


def test_under_fifty_cents_nothing_is_taken_at_all(
    carrots: Listing, paid: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller, day: MarketDay
) -> None:
    carrot = cast.listing(cast.carrots(carrots.producer, title="Une carotte"), day, price_cents=80, quantity=9)
    pickup = paid({carrots: 1, carrot: 1})
    clock.move_to(FRIDAY)
    prepare(pickup, {}, without=(carrots,))
    charge(clock)

    assert money(stripe) == (0, 0, 0)
    assert attempt_of(pickup).state == State.VOIDED
    pickup.refresh_from_db()
    assert pickup.parts.get().online, "what is waived is not asked for at the stall"


def test_as_the_market_ends_what_nobody_has_weighed_is_taken_at_its_most_and_the_rest_given_back_later(
    chicken: Listing, paid: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = paid({chicken: 1})
    clock.move_to(pickup.day.ends_at - dt.timedelta(minutes=1))
    assert capture_due() == 0
    clock.move_to(pickup.day.ends_at)
    assert capture_due() == 1
    settle(clock)
    assert capture_due() == 0
    assert money(stripe) == (2160, 0, 0)

    prepare(pickup, {chicken: 1400})
    settle(clock)
    assert money(stripe) == (2160, 480, 0)


def test_a_day_before_the_card_lets_go_the_money_is_taken(
    chicken: Listing, paid: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = paid({chicken: 1})
    attempt = attempt_of(pickup)
    PaymentAttempt.objects.update(capture_before=pickup.day.starts_at - dt.timedelta(hours=1))
    clock.move_to(pickup.day.starts_at - dt.timedelta(hours=26))
    assert capture_due() == 0

    clock.shift(dt.timedelta(hours=2))
    assert capture_due() == 1
    settle(clock)
    assert PaymentAttempt.objects.get(pk=attempt.pk).state == State.CAPTURED


def test_an_authorisation_that_has_ended_is_paid_at_the_stalls(
    chicken: Listing, paid: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = paid({chicken: 1})
    stripe.advance(8 * 86_400)
    reconcile(attempt_of(pickup).pk)

    assert attempt_of(pickup).state == State.VOIDED
    assert not pickup.parts.get().online
    assert Message.objects.filter(kind="order-at-stall", subject_id=pickup.pk).count() == 1
    reconcile(attempt_of(pickup).pk)
    assert Message.objects.filter(kind="order-at-stall").count() == 1


@given(st.integers(0, 100_000), st.lists(st.integers(0, 10_000), min_size=1, max_size=12))
def test_what_is_divided_adds_up_and_nobody_is_a_cent_away_from_its_part(cents: int, weights: list[int]) -> None:
    parts = split(cents, weights)

    whole = sum(weights)
    assert sum(parts) == (cents if whole else 0)
    assert all(abs(part * whole - cents * weight) < whole for part, weight in zip(parts, weights, strict=True) if whole)
