"""What is taken by hand in Stripe's dashboard, and what a bank takes back, is told as it is."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from dev.fakestripe import FakeStripe
from marche.common.actors import Actor
from marche.outbox.models import Message
from marche.outbox.rendering import render
from marche.payments.actions.book_refunds import book_refunds
from marche.payments.actions.handle_event import handle_event
from marche.payments.actions.note_dispute import note_dispute
from marche.payments.actions.reconcile import reconcile
from marche.payments.actions.retry_instruction import retry_instruction
from marche.payments.ledger import balances
from marche.payments.models import Instruction, PaymentAttempt, Share, StripeEvent
from orders.actions.cancel_order import cancel_order
from orders.actions.hand_over import hand_over
from orders.actions.prepare_rest import prepare_rest
from orders.manager.payments.page import payments_of
from orders.manager.presenters.history import history_of
from orders.models import Pickup
from orders.presenters.card import Card, card_of
from orders.presenters.statement import statement_of
from producers.models import Listing
from tests.orders.online.by_card import (
    FRIDAY,
    MORNING,
    Charged,
    OrderByCard,
    Payable,
    attempt_of,
    by_hand,
    money,
    prepare,
    settle,
    someone,
    strike,
)
from tests.producers.people import signed_in
from tests.stripe import TILL, deliver

State = PaymentAttempt.State


@pytest.fixture
def partly(paid: OrderByCard, chicken: Listing, stripe: FakeStripe, clock: time_machine.Traveller) -> Pickup:
    """21.60 € were held; somebody took 10.00 € by hand, before anything was weighed."""
    pickup = paid({chicken: 1})
    clock.move_to(FRIDAY)
    attempt = attempt_of(pickup)
    by_hand(stripe, attempt, capture=1000)
    reconcile(attempt.pk)
    settle(clock)
    return pickup


def card(pickup: Pickup) -> Card:
    found = card_of(pickup)
    assert found
    return found


def mail(kind: str, pickup: Pickup) -> str:
    message = Message.objects.filter(kind=kind, subject_id=pickup.pk).latest("pk")
    message.language = "en"
    return " ".join(str(render(message).body).split())


def test_the_resident_reads_what_was_taken_and_that_it_is_less_than_due(partly: Pickup) -> None:
    with translation.override("en"):
        assert card(partly).sentences == [
            "€10.00 were taken from your card.",
            "This is €11.60 less than what is due: nothing more can be taken from your card.",
        ]
    said = mail("order-charged", partly)
    assert "This is €11.60 less than what is due" in said
    assert "charged at its most" not in said
    assert "charged:" not in said


def test_the_manager_reads_it_on_the_order_and_among_the_payments(partly: Pickup) -> None:
    with translation.override("en"):
        assert ("Less than due", "€11.60") in card(partly).facts
    [kind] = [kind for kind in payments_of(partly.market).kinds if kind.code == "less-than-due"]
    assert kind.cents == 1160


def test_its_producer_can_weigh_it_all_the_same_and_is_paid_what_was_taken(
    partly: Pickup, chicken: Listing, clock: time_machine.Traveller
) -> None:
    prepare(partly, {chicken: 1500})
    settle(clock)
    clock.move_to(MORNING)
    hand_over(partly.parts.get().pk, by=Actor.producer(someone("marie")))

    assert card(partly).short_cents == 800
    statement = statement_of(chicken.producer, chicken.day)
    assert (statement.orders.total("debite"), statement.balance_cents) == (1000, 1000)


def test_what_is_taken_in_full_is_not_called_less(charged: Charged, chicken: Listing) -> None:
    pickup = charged({chicken: 1}, {chicken: 1500})

    assert card(pickup).short_cents == 0
    assert "charged:" in mail("order-charged", pickup)


@pytest.fixture
def contested(charged: Charged, chicken: Listing, stripe: FakeStripe, clock: time_machine.Traveller) -> Pickup:
    pickup = charged({chicken: 1}, {chicken: 1500})
    pickup.market.managers.add(someone("claire"))
    opened = stripe.dispute(attempt_of(pickup).charge_id)
    note_dispute(opened["id"], till=TILL)
    return pickup


def decide(pickup: Pickup, stripe: FakeStripe, how: str) -> None:
    dispute = attempt_of(pickup).disputes.get()
    stripe.close_dispute(dispute.stripe_id, how)
    note_dispute(dispute.stripe_id, till=TILL)


def test_a_contested_payment_says_so_on_ticket_and_order(contested: Pickup) -> None:
    with translation.override("en"):
        assert "You contest €18.00 with your bank, which has not decided yet." in card(contested).sentences
        assert ("Contested", "€18.00") in card(contested).facts
        assert "the resident contests €18.00 with its bank" in history_of(contested)[-1].sentence


def test_a_lost_dispute_says_so_wherever_the_payment_is_told(
    contested: Pickup, chicken: Listing, stripe: FakeStripe
) -> None:
    decide(contested, stripe, "lost")

    with translation.override("en"):
        assert "Your bank has given you back the €18.00 that you contested." in card(contested).sentences
        assert ("Lost in a dispute", "€18.00") in card(contested).facts
        assert history_of(contested)[-1].sentence == (
            "dispute lost: the resident has the €18.00 back, at the town’s cost"
        )
    statement = statement_of(chicken.producer, chicken.day)
    assert (statement.lost, statement.contested) == (1, 0)
    manager = signed_in(someone("claire"))
    day = contested.day
    page = manager.get(reverse("manage-order", args=[contested.market.slug, day.date, contested.number]))
    assert page.status_code == 200
    assert "dispute lost" in page.content.decode()


def test_a_dispute_that_was_won_is_told_and_is_over(contested: Pickup, stripe: FakeStripe) -> None:
    decide(contested, stripe, "won")

    with translation.override("en"):
        assert card(contested).sentences == ["€18.00 were taken from your card."]
        assert history_of(contested)[-1].sentence == "dispute won: the €18.00 stay paid"


def test_money_taken_by_hand_of_a_cancelled_order_is_given_back(
    chicken: Listing, paid: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = paid({chicken: 1})
    cancel_order(pickup.pk, reason="Cancelled by the resident", by=Actor.resident())
    by_hand(stripe, attempt_of(pickup), capture=2160)
    settle(clock)

    assert attempt_of(pickup).state == State.CAPTURED
    assert money(stripe) == (2160, 2160, 0)


def test_money_taken_by_hand_after_stripe_refused_it_is_booked(
    chicken: Listing, paid: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller, charged_on_friday: None
) -> None:
    pickup = paid({chicken: 1})
    clock.move_to(FRIDAY)
    stripe.fault("error", "/capture", "POST", status=400)
    prepare(pickup, {chicken: 1500})
    settle(clock)
    assert Instruction.objects.get(kind="capture").state == Instruction.State.REFUSED

    by_hand(stripe, attempt_of(pickup), capture=1800)
    assert reconcile(attempt_of(pickup).pk).state == State.CAPTURED
    assert [row.state for row in Instruction.objects.filter(kind="capture")] == [Instruction.State.DONE]


def test_a_refund_by_hand_is_booked_once_and_nothing_is_given_back_twice(
    chicken: Listing, carrots: Listing, charged: Charged, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = charged({chicken: 1, carrots: 2}, {chicken: 1500})
    by_hand(stripe, attempt_of(pickup), refund=375)
    deliver(stripe)
    for event in StripeEvent.objects.values_list("pk", flat=True):
        handle_event(event)
    strike(pickup, carrots)
    settle(clock)

    assert money(stripe) == (2175, 375, 0)
    assert Instruction.objects.get(kind="refund").state == Instruction.State.DONE


def test_a_refund_that_was_refused_because_it_was_given_by_hand_is_settled_by_trying_again(
    chicken: Listing, charged: Charged, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = charged({chicken: 1}, {chicken: 1500})
    by_hand(stripe, attempt_of(pickup), refund=1800)
    cancel_order(pickup.pk, reason="The resident was ill", by=Actor.manager())
    settle(clock)
    refused = Instruction.objects.get(kind="refund", state=Instruction.State.REFUSED)
    assert retry_instruction(refused.pk, by=Actor.manager(someone("claire")))
    settle(clock)

    assert money(stripe) == (1800, 1800, 0)
    assert not Instruction.objects.filter(state=Instruction.State.REFUSED).exists()


def test_a_refund_by_hand_while_ours_waits_is_the_right_producers(
    chicken: Listing, honey: Listing, payable: Payable, charged: Charged, stripe: FakeStripe,
    clock: time_machine.Traveller,
) -> None:  # fmt: skip
    payable(honey.producer)
    pickup = charged({chicken: 1, honey: 1}, {chicken: 1500})
    prepare_rest(pickup.day_id, producer_id=honey.producer_id, by=Actor.producer(someone("rucher")))
    settle(clock)
    strike(pickup, chicken)  # our refund is written, and not carried out yet
    by_hand(stripe, attempt_of(pickup), refund=1800)
    book_refunds(attempt_of(pickup).pk)

    taken = {balance.share.producer: balance.kept_cents for balance in balances(Share.objects.all())}
    assert taken == {chicken.producer: 0, honey.producer: 850}
