"""Orders paid by card: moments of their week, what people do then, and what Stripe holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import time_machine
from django.contrib.auth.models import User

from dev.fakestripe import FakeStripe
from marche.common.actors import Actor
from marche.payments.actions.capture_due import capture_due
from marche.payments.actions.carry_out import carry_out
from marche.payments.models import Account, PaymentAttempt
from orders.actions.prepare_part import prepare_part
from orders.actions.strike_lines import strike_lines
from orders.models import Pickup, StrikeReason
from producers.models import Listing, Producer
from tests import cast

EVENING = dt.datetime(2026, 11, 28, 19, 0, tzinfo=cast.PARIS)  # of the market day
MORNING = dt.datetime(2026, 11, 28, 7, 30, tzinfo=cast.PARIS)
FRIDAY = dt.datetime(2026, 11, 27, 17, 0, tzinfo=cast.PARIS)  # after the cutoff, while producers prepare
ON_FRIDAY = -20  # CARD_CORRECTION_HOURS of a town that charges cards at 16:00 on the eve of its market
Payable = Callable[[Producer], Account]
OrderByCard = Callable[..., Pickup]
Charged = Callable[[dict[Listing, int], dict[Listing, int]], Pickup]


def attempt_of(pickup: Pickup) -> PaymentAttempt:
    """The last attempt to pay an order."""
    return PaymentAttempt.objects.filter(order=pickup.pk).latest("pk")


def settle(clock: time_machine.Traveller) -> None:
    """Carry out what was asked of Stripe, and what follows from it, however often it takes."""
    while carry_out():
        clock.shift(1)


def charge(clock: time_machine.Traveller) -> None:
    """The market ends: what is due is taken."""
    clock.move_to(cast.NOON)
    capture_due()
    settle(clock)


def prepare(pickup: Pickup, grams: Mapping[Listing, int], *, without: tuple[Listing, ...] = ()) -> None:
    """Prepare the part of the farm: what weighs how much, and what there is none of."""
    part = pickup.parts.get(producer=next(iter((*grams, *without))).producer)
    line = {detail.listing_id: detail.pk for detail in part.details.all()}
    struck = {line[listing.pk]: StrikeReason.SHORTAGE for listing in without}
    weighed = {line[listing.pk]: weight for listing, weight in grams.items()}
    prepare_part(part.pk, grams=weighed, struck=struck, sure=weighed, by=Actor.producer(someone("ferme")))


def someone(name: str) -> User:
    return User.objects.filter(email=f"{name}@example.org").first() or cast.member(f"{name}@example.org")


def strike(pickup: Pickup, listing: Listing) -> None:
    part = pickup.parts.get(producer=listing.producer)
    lines = part.details.filter(listing=listing).values_list("pk", flat=True)
    strike_lines(
        part.pk,
        lines=list(lines),
        why=StrikeReason.COMPLAINT,
        reason="It was bruised",
        by=Actor.manager(someone("claire")),
    )


def money(stripe: FakeStripe) -> tuple[int, int, int]:
    """Captured, refunded, and still held on cards, in cents."""
    state = stripe.state()
    held = sum(row["amount_capturable"] for row in state["payment_intents"])
    return state["balances"]["platform"]["captured"], state["balances"]["platform"]["refunded"], held


def by_hand(stripe: FakeStripe, attempt: PaymentAttempt, **asked: int) -> None:
    """In the dashboard: capture or refund so many cents."""
    client = stripe.client().v1
    if "capture" in asked:
        client.payment_intents.capture(attempt.intent_id, {"amount_to_capture": asked["capture"]})
    else:
        client.refunds.create({"payment_intent": attempt.intent_id, "amount": asked["refund"]})
