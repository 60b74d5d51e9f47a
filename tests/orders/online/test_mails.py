"""What residents and managers read about money: what really happened to it, in words."""

from __future__ import annotations

import pytest
import time_machine

from dev.fakestripe import FakeStripe
from marche.common.actors import Actor
from marche.outbox.models import Message
from marche.outbox.rendering import render
from marche.payments.actions.note_dispute import note_dispute
from marche.payments.actions.reconcile import reconcile
from orders.actions.cancel_order import cancel_order
from orders.actions.cancel_part import cancel_part
from orders.models import Pickup
from producers.models import Listing
from tests.orders.online.by_card import (
    FRIDAY,
    Charged,
    OrderByCard,
    attempt_of,
    charge,
    prepare,
    settle,
    someone,
    strike,
)
from tests.stripe import TILL


def mail(kind: str, pickup: Pickup) -> str:
    """Subject and text of the last message of this kind, in English, with plain spaces."""
    message = Message.objects.filter(kind=kind, subject_id=pickup.pk).latest("pk")
    message.language = "en"
    rendered = render(message)
    html = str(rendered.alternatives[0].content)  # type: ignore[attr-defined]
    assert "None" not in html
    return f"{rendered.subject}\n{rendered.body}".replace("\xa0", " ")


def test_the_confirmation_says_what_is_held_and_what_is_paid_where(
    chicken: Listing, honey: Listing, paid: OrderByCard
) -> None:
    said = mail("order-confirmation", paid({chicken: 1, honey: 1}))

    assert "€21.60 at most are reserved on your card." in said
    assert "What is really due is taken on Saturday 28 November at 12:00." in said
    assert "Reserved on the card: €19.20 (at most €21.60)" in said
    assert "To pay at the stall: €8.50" in said


def test_what_was_taken_is_told_line_by_line(
    chicken: Listing, carrots: Listing, paid: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = paid({chicken: 1, carrots: 2})
    clock.move_to(FRIDAY)
    prepare(pickup, {chicken: 1550}, without=(carrots,))
    charge(clock)
    said = mail("order-charged", pickup)

    assert "€18.60 taken from your card" in said
    chicken_line, carrots_line = said.split("  - ")[1:]
    assert "€19.20" in chicken_line
    assert "1.55 kg" in chicken_line
    assert "charged: €18.60" in chicken_line
    assert "prepared: –" in carrots_line
    assert "charged: €0.00" in carrots_line


@pytest.mark.parametrize("is_weighed", [True, False], ids=["weighed pieces", "by the step"])
def test_only_where_pieces_are_not_weighed_yet_it_says_so(
    is_weighed: bool, chicken: Listing, carrots: Listing, paid: OrderByCard, clock: time_machine.Traveller
) -> None:
    pickup = paid({chicken if is_weighed else carrots: 1})
    charge(clock)

    assert ("What nobody has weighed was taken at its most" in mail("order-charged", pickup)) == is_weighed


def test_a_cancellation_says_that_nothing_was_taken_and_what_is_asked_of_the_bank(
    chicken: Listing, paid: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = paid({chicken: 1})
    cancel_order(pickup.pk, reason="No chicken", by=Actor.manager())
    assert "Your bank has been asked to free the €21.60" in mail("order-cancelled", pickup)

    settle(clock)
    assert "the €21.60 reserved on your card are free again" in mail("order-cancelled", pickup)


def test_a_cancellation_after_the_money_was_taken_says_that_it_comes_back_and_then_that_it_came(
    chicken: Listing, charged: Charged, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = charged({chicken: 1}, {chicken: 1500})
    cancel_order(pickup.pk, reason="The cold store has failed", by=Actor.manager())
    assert "€18.00 are being given back to your card." in mail("order-cancelled", pickup)

    settle(clock)
    assert "€18.00 were given back to your card." in mail("order-cancelled", pickup)
    refund = mail("order-refunded", pickup)
    assert "The cold store has failed" in refund
    assert "Everything that was taken for this order has been given back." in refund


def test_a_refund_says_how_much_why_and_what_stays_paid(
    chicken: Listing, carrots: Listing, charged: Charged, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = charged({chicken: 1, carrots: 2}, {chicken: 1500})
    strike(pickup, carrots)
    settle(clock)
    said = mail("order-refunded", pickup)

    assert "€3.75 given back to your card" in said
    assert "It was bruised" in said
    assert "€18.00 stay paid in all" in said


def test_a_part_that_is_cancelled_is_told_with_what_it_means_for_the_money(
    chicken: Listing, honey: Listing, paid: OrderByCard
) -> None:
    pickup = paid({chicken: 1, honey: 1})
    part = pickup.parts.get(producer=honey.producer)
    cancel_part(part.pk, reason="The bees are ill", by=Actor.manager(someone("claire")))
    said = mail("part-cancelled", pickup)

    assert honey.producer.name in said
    assert "The bees are ill" in said
    assert "You don’t pay anything at this stall." in said


def test_who_must_pay_at_the_stalls_after_all_is_told_how_much_where(
    chicken: Listing, paid: OrderByCard, stripe: FakeStripe
) -> None:
    pickup = paid({chicken: 1})
    stripe.advance(8 * 86_400)
    reconcile(attempt_of(pickup).pk)
    said = mail("order-at-stall", pickup)

    assert f"{chicken.producer.name}: To pay at the stall: €19.20" in said


def test_the_managers_are_told_of_a_dispute_and_of_its_end(
    chicken: Listing, paid: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = paid({chicken: 1})
    pickup.market.managers.add(someone("claire"))
    clock.move_to(FRIDAY)
    prepare(pickup, {chicken: 1500})
    charge(clock)
    opened = stripe.dispute(attempt_of(pickup).charge_id)
    found = note_dispute(opened["id"], till=TILL)
    note_dispute(opened["id"], till=TILL)
    assert found
    message = Message.objects.get(kind="dispute", subject_id=found.pk)
    assert str(pickup.number) in render(message).subject

    stripe.close_dispute(opened["id"], "lost")
    note_dispute(opened["id"], till=TILL)
    assert Message.objects.filter(kind="dispute", subject_id=found.pk).count() == 2
