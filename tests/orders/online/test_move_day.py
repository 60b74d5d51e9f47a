"""A day that is moved or prolonged while cards hold its money: nothing is taken too late, or twice, or for nobody."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import time_machine

from dev.fakestripe import FakeStripe
from marche.common.actors import Actor
from marche.markets.calendar import DayTimes
from marche.markets.models import MarketDay
from marche.payments.actions.capture_due import capture_due
from marche.payments.actions.reconcile import reconcile
from marche.payments.models import PaymentAttempt
from orders.actions.cancel_order import cancel_order
from orders.actions.close_day import close_day
from orders.actions.move_day import move_day
from orders.actions.pay_online import pay_online
from producers.models import Listing
from tests.orders.online.by_card import FRIDAY, Charged, OrderByCard, attempt_of, money, prepare, settle

DAYS_LATER = dt.timedelta(days=4)


def move(day: MarketDay, **changes: dt.datetime) -> None:
    day.refresh_from_db()
    times = DayTimes(day.opens_at, day.closes_at, day.starts_at, day.ends_at)
    move_day(day.pk, times=replace(times, **changes), reason="La neige", by=Actor.manager())
    day.refresh_from_db()


def test_of_a_later_market_money_is_taken_a_day_before_the_card_lets_go_and_the_rest_given_back(
    chicken: Listing, paid: OrderByCard, day: MarketDay, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = paid({chicken: 1})
    holds_until = attempt_of(pickup).capture_before
    assert holds_until
    move(day, starts_at=day.starts_at + DAYS_LATER, ends_at=day.ends_at + DAYS_LATER)
    assert day.starts_at > holds_until

    clock.move_to(holds_until - dt.timedelta(hours=25))
    assert capture_due() == 0
    clock.shift(dt.timedelta(hours=2))
    assert capture_due() == 1
    settle(clock)
    assert money(stripe) == (2160, 0, 0)

    clock.move_to(day.starts_at - dt.timedelta(hours=2))
    prepare(pickup, {chicken: 1400})
    settle(clock)
    assert money(stripe) == (2160, 480, 0)


def test_of_an_earlier_market_money_is_taken_as_it_ends(
    chicken: Listing, paid: OrderByCard, day: MarketDay, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    paid({chicken: 1})
    day_before = dt.timedelta(days=1)
    move(day, starts_at=day.starts_at - day_before, ends_at=day.ends_at - day_before)

    clock.move_to(day.ends_at)
    assert capture_due() == 1
    settle(clock)
    assert money(stripe) == (2160, 0, 0)


def test_an_order_that_waits_for_its_card_goes_on_waiting(
    chicken: Listing, by_card: OrderByCard, day: MarketDay, stripe: FakeStripe
) -> None:
    pickup = by_card({chicken: 1})
    until = pickup.to_be_paid_by
    move(day, starts_at=day.starts_at + DAYS_LATER, ends_at=day.ends_at + DAYS_LATER)
    pay_online(pickup.pk)
    stripe.pay(attempt_of(pickup).session_id)

    pickup.refresh_from_db()
    assert pickup.to_be_paid_by == until
    reconcile(attempt_of(pickup).pk)
    pickup.refresh_from_db()
    assert (pickup.is_pending, attempt_of(pickup).state) == (False, PaymentAttempt.State.AUTHORISED)


def test_what_was_taken_is_given_back_when_somebody_cancels_on_a_day_that_is_open_again(
    chicken: Listing, charged: Charged, day: MarketDay, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = charged({chicken: 1}, {chicken: 1500})
    close_day(day.pk)
    move(day, closes_at=FRIDAY + dt.timedelta(hours=5))
    assert day.is_open

    cancel_order(pickup.pk, reason="Annulé", by=Actor.resident())
    settle(clock)
    assert money(stripe) == (1800, 1800, 0)
