"""What happens in the week of the journeys' market, after its Tuesday: the moments, and the orders of the demo."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User

from marche.common.actors import Actor
from marche.markets.models import MarketDay
from marche.outbox.models import Message
from orders.actions.acknowledge_summary import acknowledge_summary
from orders.actions.cancel_order import cancel_order
from orders.actions.close_day import close_day
from orders.actions.hand_over import hand_over
from orders.models import Pickup, ProducerOrder, Summary
from orders.presenters.paying import Payment
from producers.kinds import PaymentMeans
from producers.models import Listing, Producer
from tests import cast

NEXT_TUESDAY = cast.OPEN_TIME + dt.timedelta(weeks=1)
REFUSED = "L’adresse a été refusée (550 5.1.1)."


@dataclass(frozen=True)
class Week:
    """Of the first stall: Léa's order is done, Odette's is to be paid, Paul's to be handed over, Nour's cancelled."""

    day: MarketDay
    lea: Pickup
    odette: Pickup
    paul: Pickup
    nour: Pickup

    @property
    def first_stall(self) -> Producer:
        return Producer.objects.order_by("pk")[0]


def close(day: MarketDay) -> None:
    """Thursday noon has passed."""
    with time_machine.travel(cast.AFTER_CUTOFF, tick=True):
        assert close_day(day.pk)


def account_of(email: str) -> User:
    """A resident's account, as the code of a mail makes it; with a password, so that a test can sign in quickly."""
    user = cast.member(email)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def fail(message: Message) -> None:
    """As the relay leaves a message that it gave up."""
    Message.objects.filter(pk=message.pk).update(state=Message.State.FAILED, error=REFUSED, attempts=1)


def give(pickup: Pickup, stall: Producer, payment: Payment | None = None, missing: tuple[int, ...] = ()) -> None:
    """On Saturday at nine."""
    part = ProducerOrder.objects.get(pickup=pickup, producer=stall)
    with time_machine.travel(cast.NINE, tick=True):
        hand_over(part.pk, missing=missing, payment=payment, by=Actor.producer(stall.partner.users.all()[0]))


def whole_week(day: MarketDay) -> Week:
    """Orders at three stalls of the demo, what failed and what was acknowledged; then Saturday until nine o'clock."""
    stalls = list(Producer.objects.order_by("pk")[:3])
    goods = [list(Listing.objects.filter(day=day, producer=stall, quantity__gt=5)[:2]) for stall in stalls]
    everywhere = {listing: 1 for some in goods for listing in some}
    first = dict.fromkeys(goods[0], 2)
    week = Week(
        day,
        cast.order(cast.basket_of(everywhere), account_id=account_of(cast.LEA["email"]).pk),
        cast.placed_order(everywhere, **cast.ODETTE),
        cast.placed_order(first, name="Paul Petit", email="paul@example.org"),
        cast.placed_order(first, name="Nour Alami", email="nour@example.org"),
    )
    cancel_order(week.nour.pk, reason="Empêchement", by=Actor.resident())
    fail(Message.objects.get(kind="order-confirmation", subject_id=week.paul.pk))
    close(day)
    acknowledged, failed, _sent = Summary.objects.order_by("producer")
    with time_machine.travel(cast.AFTER_CUTOFF, tick=True):
        acknowledge_summary(acknowledged.token)
    fail(Message.objects.get(kind="summary", subject_id=failed.pk))
    _saturday(week, stalls)
    return week


def _saturday(week: Week, stalls: Sequence[Producer]) -> None:
    """At the first stall one product is missing for Léa."""
    missing, there = ProducerOrder.objects.get(pickup=week.lea, producer=stalls[0]).details.all()
    give(week.lea, stalls[0], Payment(PaymentMeans.CASH, there.amount_cents), missing=(missing.pk,))
    give(week.odette, stalls[0])
    give(week.odette, stalls[1], Payment(PaymentMeans.CARD, 1))
