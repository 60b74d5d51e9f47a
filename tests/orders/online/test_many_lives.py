"""Whatever happens to two orders, in whatever order, and whatever Stripe makes of it: once it is quiet, all adds up."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import time_machine

from dev.fakestripe import FakeStripe
from marche.common.actors import Actor
from marche.common.refusals import Refused
from marche.markets.models import Market
from marche.payments.actions.capture_due import capture_due
from marche.payments.actions.carry_out import carry_out
from marche.payments.actions.handle_event import handle_event
from marche.payments.actions.retry_instruction import retry_instruction
from marche.payments.actions.transfer_due import transfer_due
from marche.payments.ledger import balances
from marche.payments.models import Account, Instruction, PaymentAttempt, Share, StripeEvent
from marche.payments.refusals import StripeError
from orders.actions.cancel_order import cancel_order
from orders.actions.cancel_part import cancel_part
from orders.actions.hand_over import hand_over
from orders.actions.prepare_part import prepare_part
from orders.actions.strike_lines import strike_lines
from orders.actions.take_back import take_back
from orders.models import LineDetail, Pickup, ProducerOrder, StrikeReason
from orders.owed import charge_of
from producers.models import Listing
from tests.orders.online.by_card import EVENING, FRIDAY, MORNING, OrderByCard, Payable, attempt_of, settle, someone
from tests.stripe import TILL, deliver

LIVES = 8
PATHS = ["capture", "cancel", "refunds", "reversals", "transfers$", ""]


@dataclass
class Life:
    """Two orders, and all that may happen to them; `said` tells what did, in case it goes wrong."""

    pickups: list[Pickup]
    stripe: FakeStripe
    clock: time_machine.Traveller
    dice: random.Random
    said: list[str] = field(default_factory=list)

    def a_part(self) -> ProducerOrder:
        return self.dice.choice([part for pickup in self.pickups for part in pickup.parts.all()])

    def happens(self, deed: Callable[[], None]) -> None:
        try:
            deed()
            self.said.append(deed.__name__)
        except Refused as refusal:
            self.said.append(f"{deed.__name__}: {refusal}")

    def prepare(self) -> None:
        part = self.a_part()
        lines = list(part.details.all())
        struck = {line.pk: StrikeReason.SHORTAGE for line in lines if self.dice.random() < 0.25}
        weights = {line.pk: self.dice.choice([1300, 1500, 1700, 1900]) * line.quantity for line in lines}
        grams = {line.pk: weights[line.pk] for line in lines if line.is_estimated and line.pk not in struck}
        prepare_part(part.pk, grams=grams, struck=struck, by=Actor.producer(someone("marie")))

    def strike(self) -> None:
        part = self.a_part()
        line: LineDetail = self.dice.choice(list(part.details.all()))
        claire = someone("claire")
        strike_lines(part.pk, lines=[line.pk], why=StrikeReason.COMPLAINT, reason="Bruised", by=Actor.manager(claire))

    def cancel_a_part(self) -> None:
        cancel_part(self.a_part().pk, reason="Not this week", by=Actor.manager(someone("claire")))

    def cancel(self) -> None:
        cancel_order(self.dice.choice(self.pickups).pk, reason="Not this week", by=Actor.manager())

    def hand_over(self) -> None:
        part = self.a_part()
        missing = {line.pk for line in part.details.all() if self.dice.random() < 0.15}
        hand_over(part.pk, missing=missing, by=Actor.producer(someone("marie")))

    def take_back(self) -> None:
        take_back(self.a_part().pk, reason="By mistake", by=Actor.producer(someone("marie")))

    def fail(self) -> None:
        kind, status = self.dice.choice([("error", 500), ("error", 400), ("reset", 500)])
        self.stripe.fault(kind, self.dice.choice(PATHS), times=self.dice.choice([1, 1, 3]), status=status)

    def carry_out(self) -> None:
        carry_out()

    def pass_time(self) -> None:
        self.clock.shift(400)

    def hear(self) -> None:
        deliver(self.stripe)
        for event in StripeEvent.objects.filter(handled_at=None).values_list("pk", flat=True):
            try:
                handle_event(event)
            except StripeError as error:
                self.said.append(f"hear: {error}")

    def pay(self) -> None:
        transfer_due(TILL)

    def capture_due(self) -> None:
        capture_due()

    def live(self) -> None:
        """From the Friday to the evening of the market."""
        always = [self.carry_out, self.carry_out, self.fail, self.pass_time, self.hear, self.strike, self.cancel_a_part]
        days: list[tuple[Any, list[Callable[[], None]], int]] = [
            (FRIDAY, [*[self.prepare] * 4, *always], 12),
            (
                MORNING,
                [*[self.hand_over] * 4, self.take_back, self.prepare, self.capture_due, self.cancel, *always],
                16,
            ),
            (EVENING, [*[self.pay] * 2, self.hand_over, self.take_back, *always], 14),
        ]
        for moment, deeds, count in days:
            self.clock.move_to(moment)
            for _deed in range(count):
                self.happens(self.dice.choice(deeds))

    def quiet_down(self) -> None:
        """Stripe is well again, and a manager tries what it refused once more."""
        self.stripe.clear_faults()
        for _round in range(6):
            self.clock.shift(2000)
            capture_due()
            settle(self.clock)
            self.hear()
            for refused in Instruction.objects.filter(state=Instruction.State.REFUSED):
                retry_instruction(refused.pk, by=Actor.manager(someone("claire")))
            settle(self.clock)
            transfer_due(TILL)
            settle(self.clock)

    def wrongs(self) -> Iterator[str]:
        """What does not add up."""
        state = self.stripe.state()
        for row in Instruction.objects.filter(state__in=["waiting", "refused"]):
            yield f"{row.kind} is {row.state}: {row.error}"
        for pickup in self.pickups:
            yield from _wrongs_of_payment(pickup, state)
        for balance in balances(Share.objects.filter(attempt__state="captured")):
            if balance.moved_cents != balance.target_cents:
                yield f"{balance.share.producer}: {balance.moved_cents} of {balance.target_cents}"
        for account in Account.objects.all():
            rows = balances(Share.objects.filter(producer=account.producer))
            ours = sum(row.transferred_cents - row.reversed_cents for row in rows)
            if (net := state["balances"]["accounts"][account.stripe_id]["net"]) != ours:
                yield f"{account}: {net} there, {ours} here"


def _wrongs_of_payment(pickup: Pickup, state: dict[str, Any]) -> Iterator[str]:
    attempt = attempt_of(pickup)
    [intent] = [row for row in state["payment_intents"] if row["id"] == attempt.intent_id]
    refunds = [row["amount"] for row in state["refunds"] if row["payment_intent"] == attempt.intent_id]
    due = sum(charge_of(part) for part in pickup.parts.not_cancelled().filter(online=True))
    if attempt.state == PaymentAttempt.State.CAPTURED and intent["amount_received"] - sum(refunds) != due:
        yield f"{pickup}: {intent['amount_received']} taken, {refunds} given back, {due} due"
    if attempt.state == PaymentAttempt.State.VOIDED and due >= 50:
        yield f"{pickup}: {due} due, and let go"
    if attempt.state not in (PaymentAttempt.State.CAPTURED, PaymentAttempt.State.VOIDED) or intent["amount_capturable"]:
        yield f"{pickup}: still {attempt.state}"


@pytest.mark.parametrize("seed", range(LIVES))
def test_once_it_is_quiet_all_adds_up(
    seed: int, chicken: Listing, carrots: Listing, honey: Listing, payable: Payable, paid: OrderByCard,
    stripe: FakeStripe, clock: time_machine.Traveller,
) -> None:  # fmt: skip
    dice = random.Random(seed)
    payable(honey.producer)
    Market.objects.update(fee_payer=dice.choice(Market.FeePayer.values))
    baskets = [{chicken: dice.randint(1, 2), carrots: dice.randint(1, 2), honey: 1} for _order in range(2)]
    life = Life([paid(basket) for basket in baskets], stripe, clock, dice)
    life.live()
    life.quiet_down()

    assert list(life.wrongs()) == [], "\n".join(life.said)
