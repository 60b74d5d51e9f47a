"""The whole of a payment, with a town's own test keys: what is asked of Stripe, step by step, and whether it matched.

What our tests know of Stripe they know from a fake; this asks the real one, where no money moves with test keys. Two
steps need a person: paying on Stripe's page. See docs/operations.md for when to run it.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import timezone

from marche.payments.gateway import Gateway
from marche.payments.models import Instruction, StripeEvent
from marche.payments.models.attempts import new_key
from marche.payments.snapshots import PaymentSnapshot

CENTS, CAPTURED, REFUNDED, TRANSFERRED = 2_000, 1_500, 300, 500
LIFE = dt.timedelta(minutes=45)
PATIENCE = 300  # times that one waits
KINDS = ["checkout.session.completed", "payment_intent.amount_capturable_updated"]


@dataclass(frozen=True)
class Step:
    """One thing that was tried: what was expected of Stripe, and what it said."""

    title: str
    expected: object
    got: object

    @property
    def matches(self) -> bool:
        return self.expected == self.got


@dataclass
class Sandbox:
    """Run with a till's test key. `say` tells a person what to do, `wait` gives it some seconds for that.

    `account` is a producer's account to be paid, or empty.
    """

    gateway: Gateway
    account: str
    say: Callable[[str], None]
    wait: Callable[[], None]
    order: str = field(default_factory=lambda: f"essai-{int(time.time())}")

    def steps(self) -> Iterator[Step]:
        """Each as soon as it is known. Raises StripeError where Stripe gives no answer, or refuses what must go."""
        self.gateway.check_key()
        yield Step("The key is accepted", True, True)
        yield from self._closed_page()
        paid = yield from self._paid_page("payer")
        yield from self._captured(paid)
        yield from self._refunded(paid)
        if self.account:
            yield from self._transferred(paid)
        voided = yield from self._paid_page("payer, une seconde fois")
        yield from self._voided(voided)
        yield from self._told()

    def _closed_page(self) -> Iterator[Step]:
        key, parameters = new_key(), self._parameters()
        opened = self.gateway.open_session(key, parameters)
        yield Step("A payment page opens", "open", opened.session)
        yield Step("The same key finds the same page", opened.session_id, self._again(key, parameters))
        self.gateway.end_session(opened.session_id)
        yield Step("A page that is closed can't be paid", "expired", self.gateway.see(opened.session_id).session)

    def _again(self, key: str, parameters: dict[str, Any]) -> str:
        return self.gateway.open_session(key, parameters).session_id

    def _paid_page(self, what: str) -> Any:
        opened = self.gateway.open_session(new_key(), self._parameters())
        self.say(f"Ouvrez cette page et {what} avec la carte 4242 4242 4242 4242 : {opened.url}")
        seen = self._wait_for(opened.session_id)
        yield Step("The money is authorised, not captured", "requires_capture", seen.intent)
        yield Step("The order is named", self.order, seen.order_number)
        lasts = (seen.capture_before or timezone.now()) - timezone.now()
        yield Step("An authorisation lasts six days at least", True, lasts > dt.timedelta(days=6))
        return seen

    def _wait_for(self, session_id: str) -> PaymentSnapshot:
        for _time in range(PATIENCE):
            seen = self.gateway.see(session_id)
            if seen.intent == "requires_capture":
                return seen
            self.wait()
        return self.gateway.see(session_id)

    def _captured(self, paid: PaymentSnapshot) -> Iterator[Step]:
        capture = self._instruction("capture", paid.intent_id, amount_to_capture=CAPTURED)
        yield Step("A part of it is captured", paid.intent_id, self.gateway.perform(capture))
        yield Step("The same again captures nothing more", paid.intent_id, self.gateway.perform(capture))
        seen = self.gateway.see(paid.session_id)
        yield Step("What was captured", CAPTURED, seen.captured_cents)
        yield Step("Stripe's fee is known", True, seen.fee_cents is not None)

    def _refunded(self, paid: PaymentSnapshot) -> Iterator[Step]:
        named = {"payment_intent": paid.intent_id, "amount": REFUNDED, "reason": "requested_by_customer"}
        refund = self._instruction("refund", "", **named)
        done = self.gateway.perform(refund)
        yield Step("A refund is found again by its key", done, self.gateway.find(refund))
        yield Step("A refund goes through", True, self.gateway.see_refund(done) in ("succeeded", "pending"))

    def _transferred(self, paid: PaymentSnapshot) -> Iterator[Step]:
        seen = self.gateway.see_account(self.account)
        yield Step("The producer's account is French", "FR", seen.country)
        yield Step("It can be paid", "active", seen.transfers)
        transfer = self._instruction(
            "transfer", "", amount=TRANSFERRED, currency="eur", destination=self.account,
            source_transaction=paid.charge_id, transfer_group=f"order_{self.order}",
        )  # fmt: skip
        done = self.gateway.perform(transfer)
        yield Step("A transfer is found again by its key", done, self.gateway.find(transfer))
        reversal = self._instruction("reversal", done, amount=TRANSFERRED)
        back = self.gateway.perform(reversal)
        yield Step("A reversal is found again by its key", back, self.gateway.find(reversal))

    def _voided(self, paid: PaymentSnapshot) -> Iterator[Step]:
        void = self._instruction("void", paid.intent_id, cancellation_reason="requested_by_customer")
        yield Step("What is authorised is voided", paid.intent_id, self.gateway.perform(void))
        yield Step("Nothing was captured", ("canceled", 0), self._end_of(paid))

    def _end_of(self, paid: PaymentSnapshot) -> tuple[str, int]:
        seen = self.gateway.see(paid.session_id)
        return seen.intent, seen.captured_cents

    def _told(self) -> Iterator[Step]:
        since = timezone.now() - dt.timedelta(hours=1)
        events = [event for event in self.gateway.events_since(since, KINDS) if event.order_number == self.order]
        versions = {event.api_version for event in events}
        yield Step("Events are in our version of the API", {settings.STRIPE_API_VERSION}, versions)
        here = StripeEvent.objects.filter(event_id__in=[event.event_id for event in events]).count()
        yield Step("The webhook brought them here", len(events), here)

    def _instruction(self, kind: str, target: str, **parameters: Any) -> Instruction:
        """Not saved: it is carried out here and now."""
        made = Instruction(kind=kind, target=target, parameters=parameters, key=new_key(), tries=1)
        if kind in ("refund", "transfer", "reversal"):
            made.parameters["metadata"] = {"order": self.order, "instruction": made.key}
        return made

    def _parameters(self) -> dict[str, Any]:
        """As orders/presenters/card_choice.py writes them, for one line of 20 €."""
        named = {"order": self.order}
        product = {"currency": "eur", "unit_amount": CENTS, "product_data": {"name": "Essai du marché"}}
        return {
            "mode": "payment",
            "client_reference_id": self.order,
            "locale": "fr",
            "submit_type": "pay",
            "expires_at": int((timezone.now() + LIFE).timestamp()),
            "success_url": f"{settings.SITE_URL}/?session={{CHECKOUT_SESSION_ID}}",
            "cancel_url": f"{settings.SITE_URL}/",
            "allowed_payment_method_types": ["card"],
            "line_items": [{"quantity": 1, "price_data": product}],
            "metadata": named,
            "payment_intent_data": {
                "capture_method": "manual",
                "transfer_group": f"order_{self.order}",
                "statement_descriptor_suffix": "ESSAI",
                "metadata": named,
            },
        }
