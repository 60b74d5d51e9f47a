"""What must be so after everything: our books are Stripe's, to the cent, and nothing is held without a reason."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from dev.fakestripe import FakeStripe
from marche.markets.models import MarketDay, Slot
from marche.payments.ledger import balances
from marche.payments.models import Account, Instruction, Movement, PaymentAttempt, Share, StripeEvent
from orders.models import LineDetail, OrderChange, Pickup
from orders.oscar_differences import differences_since
from producers.models import Listing

State = PaymentAttempt.State
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
STATES = {
    "requires_capture": {State.AUTHORISED},
    "succeeded": {State.CAPTURED},
    "canceled": {State.VOIDED, State.EXPIRED},
    "requires_payment_method": {State.NEW, State.OPEN},
}
Rows = list[dict[str, Any]]


def audit(fake: FakeStripe) -> None:
    """Fails unless all orders, all payments and all money agree, with nothing under way."""
    state = fake.state()
    for pickup in Pickup.objects.select_related("order"):
        _order(pickup, state)
    _books(state["balances"])
    _goods()
    assert differences_since(LONG_AGO) == [], "Oscar's tables tell otherwise"
    assert not Instruction.objects.filter(state__in=["waiting", "refused"]).exists()
    assert not StripeEvent.objects.filter(handled_at=None).exists()
    numbers = set(Pickup.objects.values_list("order__number", flat=True))
    assert {row["metadata"]["order"] for row in state["payment_intents"]} <= numbers, "money without an order"


def _order(pickup: Pickup, state: dict[str, Any]) -> None:
    sessions = [row for row in state["sessions"] if row["client_reference_id"] == pickup.order.number]
    intents = [row for row in state["payment_intents"] if row["metadata"]["order"] == pickup.order.number]
    attempts = {a.session_id: a for a in PaymentAttempt.objects.filter(order=pickup.pk).exclude(session_id="")}
    assert set(attempts) == {row["id"] for row in sessions}
    assert sum(row["status"] != "canceled" for row in intents) <= 1, "two payments for one order"
    assert sum(row["status"] == "open" for row in sessions) <= int(pickup.is_pending), "a page that nobody is to pay on"
    live = PaymentAttempt.objects.live().filter(order=pickup.pk).first()
    assert pickup.is_pending == (pickup.order.status == "pending-payment")
    assert pickup.is_pending == bool(live and live.is_waiting)
    assert pickup.changes.filter(kind=OrderChange.Kind.AUTHORISED).count() <= 1
    by_intent = {row["id"]: row for row in intents}
    for session in sessions:
        _attempt(pickup, attempts[session["id"]], session, by_intent.get(session["payment_intent"]), state)


def _attempt(pickup: Pickup, attempt: PaymentAttempt, session: Any, intent: Any, state: dict[str, Any]) -> None:
    """One payment there, and what we think of it."""
    if intent is None:
        assert attempt.state == (State.OPEN if session["status"] == "open" else State.EXPIRED)
        return
    assert attempt.state in STATES[intent["status"]]
    assert attempt.intent_id in (intent["id"], "")
    assert (attempt.captured_cents or 0) == intent["amount_received"]
    if attempt.state == State.AUTHORISED:
        assert not pickup.is_cancelled, "money held for nothing"
        assert intent["amount_capturable"] == attempt.amount_cents
    _moves(attempt, "refund", [row for row in state["refunds"] if row["payment_intent"] == intent["id"]])
    transfers = [row for row in state["transfers"] if row["transfer_group"] == f"order_{attempt.order.number}"]
    _moves(attempt, "transfer", transfers)
    of_these = {row["id"] for row in transfers}
    _moves(attempt, "reversal", [row for row in state["reversals"] if row["transfer"] in of_these])
    if attempt.state == State.CAPTURED:
        _shares(pickup, attempt, transfers)


def _moves(attempt: PaymentAttempt, kind: str, rows: Rows) -> None:
    """Each thing that was done there is one that we asked for, and noted as done, once."""
    ours = attempt.instructions.filter(kind=kind, state="done").values_list("stripe_id", "cents")
    assert Counter(ours) == Counter((row["id"], row["amount"]) for row in rows), f"{kind} differs"


def _shares(pickup: Pickup, attempt: PaymentAttempt, transfers: Rows) -> None:
    """What was kept of the resident's money is what is due, and the producers have theirs."""
    rows = balances(Share.objects.filter(attempt=attempt))
    assert sum(row.captured_cents for row in rows) == attempt.captured_cents
    from_resident = Movement.objects.from_residents().counted().filter(share__attempt=attempt)
    assert sum(row.kept_cents for row in rows) == sum(from_resident.values_list("cents", flat=True))
    accounts = {account.producer_id: account.stripe_id for account in Account.objects.all()}
    for row in rows:
        assert row.kept_cents == (0 if pickup.is_cancelled else row.share.due_cents), "the resident paid otherwise"
        assert row.waiting_cents == 0
        there = [one for one in transfers if one["destination"] == accounts[row.share.producer_id]]
        assert row.moved_cents - row.netted_cents == sum(one["amount"] - one["amount_reversed"] for one in there)
        assert row.moved_cents in (0, row.target_cents), "a producer has too much or too little"


def _books(balances: dict[str, Any]) -> None:
    """The sums of all orders."""
    done = Movement.objects.counted()
    ours = {
        kind: sum(done.filter(instruction__kind=kind).values_list("cents", flat=True))
        for kind in ("capture", "refund", "transfer", "reversal")
    }
    there = balances["platform"]
    assert ours == {
        "capture": there["captured"],
        "refund": -there["refunded"],
        "transfer": there["transferred"],
        "reversal": -there["reversed"],
    }


def _goods() -> None:
    """What is reserved is what living orders hold, no more and no less, and what was never there for cancelled ones."""
    alive = Pickup.objects.filter(cancelled_at=None)
    for listing in Listing.objects.all():
        lines = LineDetail.objects.filter(listing=listing).select_related("part")
        held = sum(line.quantity - (line.units if line.part.cancelled_at else 0) for line in lines)
        assert listing.reserved == held, "goods held for nobody"
    for slot in Slot.objects.all():
        assert slot.reserved == alive.filter(slot=slot).count(), "a place held for nobody"
    for day in MarketDay.objects.all():
        assert day.orders_count == alive.filter(day=day).count()
