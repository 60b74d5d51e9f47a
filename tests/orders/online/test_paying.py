"""Place, then pay: whatever the resident does, the order ends paid and confirmed, or released."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from pytest_django import Settings

from dev.fakestripe import FakeStripe
from marche.common.actors import Actor
from marche.common.refusals import Refused
from marche.outbox.models import Message
from marche.payments.actions.expire_payments import expire_payments
from marche.payments.actions.reconcile import reconcile
from marche.payments.models import Instruction, PaymentAttempt
from orders.actions.cancel_order import cancel_order
from orders.actions.pay_at_stall import pay_at_stall
from orders.actions.pay_online import pay_online
from orders.models import OrderChange, Pickup
from orders.presenters.basket import contents_of
from orders.presenters.card_choice import online_of
from producers.models import Listing
from tests import cast
from tests.orders.online.by_card import FRIDAY, OrderByCard, Payable, attempt_of, prepare, settle, strike

State = PaymentAttempt.State
DECLINED = "4000000000000002"


def mails(pickup: Pickup) -> list[str]:
    return list(Message.objects.filter(subject_id=pickup.pk).order_by("pk").values_list("kind", flat=True))


def reserved(listing: Listing) -> int:
    return Listing.objects.get(pk=listing.pk).reserved


def pay(pickup: Pickup, stripe: FakeStripe, card: str = "4242424242424242") -> None:
    """On Stripe's page; nobody tells us."""
    pay_online(pickup.pk)
    stripe.pay(attempt_of(pickup).session_id, card)


def cancelled(pickup: Pickup) -> Pickup:
    return cancel_order(pickup.pk, reason="Cancelled by the resident", by=Actor.resident())


def test_an_order_that_waits_to_be_paid_holds_its_goods_and_is_not_confirmed(
    chicken: Listing, by_card: OrderByCard
) -> None:
    pickup = by_card({chicken: 2})

    assert pickup.is_pending
    assert pickup.order.status == "pending-payment"
    assert reserved(chicken) == 2
    assert mails(pickup) == ["order-awaits-payment"]


def test_all_that_is_asked_of_stripe_is_written_with_the_order(chicken: Listing, by_card: OrderByCard) -> None:
    attempt = attempt_of(by_card({chicken: 1}))

    assert attempt.state == State.NEW
    assert attempt.parameters["payment_intent_data"]["capture_method"] == "manual"
    assert attempt.parameters["line_items"][0]["price_data"]["unit_amount"] == 2160
    assert [share.authorised_cents for share in attempt.shares.all()] == [2160]


def test_two_producers_of_one_name_are_two_lines(
    chicken: Listing, honey: Listing, payable: Payable, by_card: OrderByCard
) -> None:
    payable(honey.producer)
    honey.producer.partner.name = chicken.producer.name
    honey.producer.partner.save()
    attempt = attempt_of(by_card({chicken: 1, honey: 1}))

    lines = attempt.parameters["line_items"]
    assert sum(line["price_data"]["unit_amount"] for line in lines) == attempt.amount_cents == 2160 + 850


def test_paying_again_is_paying_on_the_same_page(chicken: Listing, by_card: OrderByCard, stripe: FakeStripe) -> None:
    pickup = by_card({chicken: 1})

    assert pay_online(pickup.pk) == pay_online(pickup.pk)
    assert len(stripe.state()["sessions"]) == 1


def test_a_declined_card_leaves_the_page_open_for_another_one(
    chicken: Listing, by_card: OrderByCard, stripe: FakeStripe
) -> None:
    pickup = by_card({chicken: 1})
    pay(pickup, stripe, DECLINED)
    assert reconcile(attempt_of(pickup).pk).state == State.OPEN

    pay(pickup, stripe)
    assert reconcile(attempt_of(pickup).pk).state == State.AUTHORISED


def test_an_order_is_confirmed_once_however_often_stripe_is_asked(
    chicken: Listing, by_card: OrderByCard, stripe: FakeStripe
) -> None:
    pickup = by_card({chicken: 1})
    pay(pickup, stripe)
    for _again in range(3):
        reconcile(attempt_of(pickup).pk)

    assert mails(pickup) == ["order-awaits-payment", "order-confirmation"]
    assert [change.kind for change in pickup.changes.all()] == [OrderChange.Kind.AUTHORISED]


def test_when_the_time_is_over_the_page_is_closed_and_the_goods_go_back(
    chicken: Listing, by_card: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = by_card({chicken: 1})
    pay_online(pickup.pk)
    clock.shift(dt.timedelta(minutes=46))
    expire_payments()

    pickup.refresh_from_db()
    assert pickup.is_cancelled
    assert reserved(chicken) == 0
    assert attempt_of(pickup).state == State.EXPIRED
    assert mails(pickup) == ["order-awaits-payment", "order-cancelled"]


def test_one_that_was_paid_in_the_last_moment_is_confirmed_though_nobody_told_us(
    chicken: Listing, by_card: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = by_card({chicken: 1})
    pay(pickup, stripe)
    clock.shift(dt.timedelta(hours=3))
    expire_payments()

    pickup.refresh_from_db()
    assert (pickup.is_pending, pickup.is_cancelled) == (False, False)
    assert attempt_of(pickup).state == State.AUTHORISED


def test_while_stripe_gives_no_answer_an_order_goes_on_waiting(
    chicken: Listing, by_card: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = by_card({chicken: 1})
    pay_online(pickup.pk)
    clock.shift(dt.timedelta(hours=2))
    stripe.fault("error", times=20, status=503)
    expire_payments()

    pickup.refresh_from_db()
    assert pickup.is_pending
    assert reserved(chicken) == 1
    assert attempt_of(pickup).problem == "HTTP 503"


def test_an_order_whose_page_stripe_never_opened_is_released_in_the_end(
    chicken: Listing, by_card: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = by_card({chicken: 1})
    clock.shift(dt.timedelta(minutes=46))
    expire_payments()

    pickup.refresh_from_db()
    assert pickup.is_cancelled
    assert reserved(chicken) == 0


def test_a_page_that_could_not_be_opened_in_time_is_opened_anew(
    chicken: Listing, by_card: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = by_card({chicken: 1})
    stripe.fault("error", "/sessions", times=1, status=500)
    with pytest.raises(Refused, match="stripe-down"):
        pay_online(pickup.pk)
    clock.shift(dt.timedelta(minutes=20))

    assert pay_online(pickup.pk)
    assert [a.state for a in PaymentAttempt.objects.filter(order=pickup.pk)] == [State.EXPIRED, State.OPEN]


def test_an_answer_that_was_lost_is_found_again(chicken: Listing, by_card: OrderByCard, stripe: FakeStripe) -> None:
    pickup = by_card({chicken: 1})
    stripe.fault("reset", "/sessions")
    with pytest.raises(Refused, match="stripe-down"):
        pay_online(pickup.pk)

    assert pay_online(pickup.pk)
    assert len(stripe.state()["sessions"]) == 1


def test_what_stripe_refuses_can_be_paid_at_the_stalls(
    chicken: Listing, by_card: OrderByCard, stripe: FakeStripe
) -> None:
    pickup = by_card({chicken: 1})
    stripe.fault("error", "/sessions", status=400)
    with pytest.raises(Refused, match="no-card"):
        pay_online(pickup.pk)

    assert pay_at_stall(pickup.pk)
    pickup.refresh_from_db()
    assert not pickup.is_pending
    assert not pickup.parts.get().online
    assert mails(pickup) == ["order-awaits-payment", "order-confirmation"]


def test_who_prefers_the_stalls_can_not_pay_by_card_any_more(
    chicken: Listing, by_card: OrderByCard, stripe: FakeStripe
) -> None:
    pickup = by_card({chicken: 1})
    pay_online(pickup.pk)
    assert pay_at_stall(pickup.pk)

    pickup.refresh_from_db()
    assert not pickup.is_cancelled
    assert stripe.state()["sessions"][0]["status"] == "expired"
    assert pickup.order.status == "placed"
    assert mails(pickup) == ["order-awaits-payment", "order-confirmation"]


def test_who_paid_in_another_tab_has_paid(chicken: Listing, by_card: OrderByCard, stripe: FakeStripe) -> None:
    pickup = by_card({chicken: 1})
    pay(pickup, stripe)

    assert not pay_at_stall(pickup.pk)
    assert pickup.parts.get().online
    assert attempt_of(pickup).state == State.AUTHORISED


def test_a_wish_to_pay_at_the_stalls_comes_true_when_stripe_answers_again(
    chicken: Listing, by_card: OrderByCard, stripe: FakeStripe
) -> None:
    pickup = by_card({chicken: 1})
    pay_online(pickup.pk)
    stripe.fault("error", times=1, status=500)
    with pytest.raises(Refused, match="stripe-down"):
        pay_at_stall(pickup.pk)
    expire_payments()

    pickup.refresh_from_db()
    assert (pickup.is_pending, pickup.is_cancelled) == (False, False)
    assert not pickup.parts.get().online


def test_an_order_that_was_let_go_can_not_be_paid_any_more(
    chicken: Listing, by_card: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = by_card({chicken: 1})
    pay_online(pickup.pk)
    cancelled(pickup)
    settle(clock)

    assert stripe.state()["sessions"][0]["status"] == "expired"
    assert attempt_of(pickup).state == State.EXPIRED
    assert reserved(chicken) == 0


def test_who_pays_while_cancelling_gets_the_money_freed(
    chicken: Listing, by_card: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = by_card({chicken: 1})
    pay(pickup, stripe)
    cancelled(pickup)
    settle(clock)

    assert attempt_of(pickup).state == State.VOIDED
    assert stripe.state()["payment_intents"][0]["status"] == "canceled"
    assert reserved(chicken) == 0


def test_until_the_cutoff_an_order_that_is_paid_is_cancelled_and_nothing_is_taken(
    chicken: Listing, paid: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = paid({chicken: 1})
    cancelled(pickup)
    cancelled(pickup)
    settle(clock)

    assert Instruction.objects.filter(kind="void").count() == 1
    assert stripe.state()["balances"]["platform"]["captured"] == 0
    assert attempt_of(pickup).state == State.VOIDED


def test_what_a_producer_without_an_account_sells_is_paid_at_its_stall(
    chicken: Listing, honey: Listing, by_card: OrderByCard
) -> None:
    pickup = by_card({chicken: 1, honey: 1})

    assert attempt_of(pickup).amount_cents == 2160
    assert {part.producer.slug: part.online for part in pickup.parts.all()} == {
        chicken.producer.slug: True,
        honey.producer.slug: False,
    }


def test_an_amount_that_is_not_the_one_shown_is_not_asked_for(
    chicken: Listing, honey: Listing, payable: Payable
) -> None:
    basket = cast.basket_of({chicken: 1, honey: 1})
    payable(honey.producer)  # after the page was shown

    with pytest.raises(Refused, match="card-amount"):
        cast.order(basket, card_cents=2160)
    assert not Pickup.objects.exists()


def test_without_a_key_there_is_no_payment_by_card(chicken: Listing, settings: Settings) -> None:
    settings.STRIPE_SECRET_KEYS = {}

    with pytest.raises(Refused, match="no-card"):
        cast.order(cast.basket_of({chicken: 1}), card_cents=2160)


def test_goods_that_nobody_can_be_paid_for_are_not_offered_by_card(honey: Listing) -> None:
    with pytest.raises(Refused, match="no-card"):
        cast.order(cast.basket_of({honey: 1}), card_cents=850)


def test_a_card_can_not_hold_money_for_more_than_six_days(chicken: Listing, clock: time_machine.Traveller) -> None:
    groups = contents_of(cast.basket_of({chicken: 1})).groups
    clock.move_to(chicken.day.starts_at - dt.timedelta(days=6))
    assert online_of(chicken.day, groups)

    clock.shift(-60)
    assert online_of(chicken.day, groups) is None


def refused(pickup: Pickup, stripe: FakeStripe) -> None:
    """Stripe refuses to open the page of its first attempt."""
    stripe.fault("error", "/sessions", times=1, status=400)
    with pytest.raises(Refused, match="no-card"):
        pay_online(pickup.pk)


def test_another_attempt_asks_for_what_was_not_taken_off_meanwhile(
    chicken: Listing, carrots: Listing, honey: Listing, payable: Payable, by_card: OrderByCard, stripe: FakeStripe
) -> None:
    payable(honey.producer)
    pickup = by_card({chicken: 1, carrots: 2, honey: 1})
    refused(pickup, stripe)
    strike(pickup, carrots)
    strike(pickup, honey)

    pay_online(pickup.pk)

    attempt = attempt_of(pickup)
    [line] = attempt.parameters["line_items"]
    assert line["price_data"]["unit_amount"] == attempt.amount_cents == 2160
    assert {share.producer: share.authorised_cents for share in attempt.shares.all()} == {chicken.producer: 2160}


@pytest.mark.parametrize("producer_is_paid", [True, False])
def test_what_was_taken_off_before_it_was_paid_is_not_put_back_beyond_what_the_card_holds(
    chicken: Listing,
    carrots: Listing,
    honey: Listing,
    payable: Payable,
    by_card: OrderByCard,
    stripe: FakeStripe,
    clock: time_machine.Traveller,
    producer_is_paid: bool,
) -> None:
    payable(honey.producer)
    pickup = by_card({chicken: 1, carrots: 2, honey: 1})
    refused(pickup, stripe)
    for listing in [carrots] if producer_is_paid else [chicken, carrots]:
        strike(pickup, listing)
    pay(pickup, stripe)
    reconcile(attempt_of(pickup).pk)
    clock.move_to(FRIDAY)

    with pytest.raises(Refused, match="held"):
        prepare(pickup, {chicken: 1800})
    assert pickup.parts.get(producer=chicken.producer).prepared_at is None


def test_what_comes_to_less_than_a_card_can_pay_meanwhile_is_paid_at_the_stalls(
    chicken: Listing, by_card: OrderByCard, stripe: FakeStripe
) -> None:
    pickup = by_card({chicken: 1})
    refused(pickup, stripe)
    strike(pickup, chicken)

    with pytest.raises(Refused, match="no-card"):
        pay_online(pickup.pk)
    assert PaymentAttempt.objects.filter(order=pickup.pk).count() == 1
    assert pay_at_stall(pickup.pk)


@pytest.mark.parametrize("is_opened", [True, False])
def test_an_order_of_which_all_that_a_card_was_to_pay_is_taken_off_goes_to_the_stalls(
    chicken: Listing,
    honey: Listing,
    by_card: OrderByCard,
    clock: time_machine.Traveller,
    is_opened: bool,
) -> None:
    pickup = by_card({chicken: 1, honey: 1})
    if is_opened:
        pay_online(pickup.pk)
    strike(pickup, chicken)
    settle(clock)
    clock.shift(dt.timedelta(minutes=46))
    expire_payments()

    pickup.refresh_from_db()
    assert (pickup.is_pending, pickup.is_cancelled) == (False, False)
    assert not pickup.parts.filter(online=True).exists()
    assert reserved(honey) == 1
