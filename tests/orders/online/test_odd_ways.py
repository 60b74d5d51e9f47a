"""What happens seldom: money comes late, Stripe refuses, goods come back into an order."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from dev.fakestripe import FakeStripe
from marche.common.actors import Actor
from marche.common.refusals import Refused
from marche.payments.actions.expire_payments import expire_payments
from marche.payments.actions.reconcile import reconcile
from marche.payments.actions.refresh_account import refresh_account
from marche.payments.actions.transfer_due import transfer_due
from marche.payments.models import Account, Instruction, PaymentAttempt
from orders.actions.cancel_order import cancel_order
from orders.actions.cancel_part import cancel_part
from orders.actions.close_day import close_day
from orders.actions.hand_over import hand_over
from orders.actions.pay_at_stall import pay_at_stall
from orders.actions.pay_online import pay_online
from orders.actions.prepare_rest import prepare_rest
from orders.models import OrderChange, Summary
from producers.models import Listing
from tests.orders.online.by_card import (
    EVENING,
    FRIDAY,
    MORNING,
    Charged,
    OrderByCard,
    Payable,
    attempt_of,
    charge,
    money,
    prepare,
    settle,
    someone,
    strike,
)
from tests.stripe import TILL

State = PaymentAttempt.State


def test_what_comes_back_into_an_order_after_the_card_was_let_go_is_paid_at_the_stall(
    chicken: Listing, paid: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = paid({chicken: 1})
    clock.move_to(FRIDAY)
    close_day(pickup.day_id)
    prepare(pickup, {}, without=(chicken,))
    settle(clock)
    assert attempt_of(pickup).state == State.AUTHORISED, "it may have been taken off by mistake"
    charge(clock)
    assert attempt_of(pickup).state == State.VOIDED

    prepare(pickup, {chicken: 1500})
    part = pickup.parts.get()
    assert not part.online
    assert Summary.objects.latest("revision").revision == 2, "the list says no more that it is paid"
    assert part.changes.filter(kind=OrderChange.Kind.AT_STALL).count() == 1


def test_a_weight_can_not_rise_while_the_money_is_being_taken(
    chicken: Listing, paid: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller, charged_on_friday: None
) -> None:
    pickup = paid({chicken: 1})
    clock.move_to(FRIDAY)
    prepare(pickup, {chicken: 1400})  # the capture is written, and not carried out yet
    with pytest.raises(Refused, match="charged"):
        prepare(pickup, {chicken: 1500})
    settle(clock)

    assert money(stripe) == (1680, 0, 0)


def test_an_order_that_is_cancelled_before_the_money_is_taken_costs_no_fee(
    chicken: Listing, paid: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller, charged_on_friday: None
) -> None:
    pickup = paid({chicken: 1})
    clock.move_to(FRIDAY)
    prepare(pickup, {chicken: 1500})  # the capture is written, and not carried out yet
    cancel_order(pickup.pk, reason="The resident was ill", by=Actor.manager())
    settle(clock)

    assert attempt_of(pickup).state == State.VOIDED
    assert money(stripe) == (0, 0, 0)


def test_a_refund_that_was_refused_keeps_only_its_own_producer_waiting(
    chicken: Listing, honey: Listing, payable: Payable, charged: Charged, stripe: FakeStripe,
    clock: time_machine.Traveller,
) -> None:  # fmt: skip
    payable(honey.producer)
    pickup = charged({chicken: 1, honey: 1}, {chicken: 1500})
    prepare_rest(pickup.day_id, producer_id=honey.producer_id, by=Actor.producer(someone("rucher")))
    settle(clock)
    clock.move_to(MORNING)
    for part in pickup.parts.all():
        hand_over(part.pk, by=Actor.producer(someone("marie")))
    stripe.fault("error", "/refunds", "POST", status=400)
    strike(pickup, chicken)
    settle(clock)
    clock.move_to(EVENING)
    transfer_due(TILL)
    settle(clock)

    [transfer] = Instruction.objects.filter(kind="transfer")
    assert transfer.movements.get().share.producer == honey.producer


def test_money_that_is_heard_of_when_the_market_has_begun_is_let_go(
    chicken: Listing, by_card: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = by_card({chicken: 1})
    pay_online(pickup.pk)
    stripe.pay(attempt_of(pickup).session_id)
    clock.move_to(MORNING + dt.timedelta(hours=2))
    expire_payments()
    settle(clock)

    pickup.refresh_from_db()
    assert pickup.is_cancelled
    assert money(stripe) == (0, 0, 0)
    assert attempt_of(pickup).state == State.VOIDED


def test_an_order_is_not_given_up_before_its_time_because_stripe_was_silent_for_a_moment(
    chicken: Listing, by_card: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = by_card({chicken: 1})
    stripe.fault("error", "/sessions", status=500)
    with pytest.raises(Refused, match="stripe-down"):
        pay_online(pickup.pk)
    clock.shift(dt.timedelta(minutes=16))
    expire_payments()

    pickup.refresh_from_db()
    assert pickup.is_pending


def test_an_order_that_waits_and_loses_what_was_to_be_paid_by_card_is_paid_at_the_stalls(
    chicken: Listing, honey: Listing, by_card: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = by_card({chicken: 1, honey: 1})
    pay_online(pickup.pk)
    part = pickup.parts.get(online=True)
    cancel_part(part.pk, reason="No chicken this week", by=Actor.manager(someone("claire")))
    settle(clock)

    pickup.refresh_from_db()
    assert (pickup.is_pending, pickup.is_cancelled) == (False, False)
    assert attempt_of(pickup).state == State.EXPIRED


def test_goods_handed_over_before_the_card_let_go_are_to_be_paid_at_the_stall(
    chicken: Listing, paid: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = paid({chicken: 1})
    clock.move_to(MORNING)
    stripe.advance(8 * 86_400)
    hand_over(pickup.parts.get().pk, by=Actor.producer(someone("marie")))
    for _twice in range(2):
        reconcile(attempt_of(pickup).pk)

    assert not pickup.parts.get().online
    assert pickup.changes.filter(kind=OrderChange.Kind.AT_STALL).count() == 1


def test_producers_learn_that_an_order_is_no_longer_paid_by_card(
    chicken: Listing, paid: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = paid({chicken: 1})
    clock.move_to(FRIDAY)
    close_day(pickup.day_id)
    stripe.advance(8 * 86_400)
    reconcile(attempt_of(pickup).pk)

    latest = Summary.objects.latest("revision")
    assert latest.revision == 2
    assert [change["after_words"] for change in latest.changes] == ["à payer à l’étal"]


def test_an_attempt_that_came_to_nothing_says_nothing_of_an_order_that_is_paid_otherwise(
    chicken: Listing, by_card: OrderByCard, stripe: FakeStripe
) -> None:
    pickup = by_card({chicken: 1})
    stripe.fault("error", "/sessions", status=400)
    with pytest.raises(Refused, match="no-card"):
        pay_online(pickup.pk)
    first = attempt_of(pickup)
    pay_online(pickup.pk)
    stripe.pay(attempt_of(pickup).session_id)
    reconcile(first.pk)
    assert reconcile(attempt_of(pickup).pk).state == State.AUTHORISED

    pickup.refresh_from_db()
    assert (pickup.is_pending, pickup.is_cancelled) == (False, False)


def test_a_transfer_to_an_account_that_was_just_restricted_goes_by_itself_later(
    chicken: Listing, charged: Charged, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = charged({chicken: 1}, {chicken: 1500})
    clock.move_to(MORNING)
    hand_over(pickup.parts.get().pk, by=Actor.producer(someone("marie")))
    clock.move_to(EVENING)
    account = Account.objects.get(producer=chicken.producer)
    stripe.restrict(account.stripe_id)  # and we have not heard of it
    transfer_due(TILL)
    settle(clock)
    refresh_account(account.pk)
    assert transfer_due(TILL) == 0

    stripe.activate(account.stripe_id)
    refresh_account(account.pk)
    assert transfer_due(TILL) == 1
    settle(clock)
    assert stripe.state()["balances"]["accounts"][account.stripe_id]["net"] == 1800


def test_a_wish_for_the_stalls_comes_true_when_stripe_refuses_the_card(
    chicken: Listing, by_card: OrderByCard, stripe: FakeStripe
) -> None:
    pickup = by_card({chicken: 1})
    stripe.fault("error", "/sessions", times=1, status=500)
    with pytest.raises(Refused, match="stripe-down"):
        pay_at_stall(pickup.pk)
    stripe.fault("error", "/sessions", times=1, status=400)
    with pytest.raises(Refused, match="no-card"):
        pay_online(pickup.pk)

    pickup.refresh_from_db()
    assert (pickup.is_pending, pickup.is_cancelled) == (False, False)
    assert not pickup.parts.get().online
