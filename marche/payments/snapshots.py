"""What Stripe answered, in our own terms: amounts in cents, times aware."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any


def _time(seconds: int | None) -> dt.datetime | None:
    return None if seconds is None else dt.datetime.fromtimestamp(seconds, dt.UTC)


def shares_in(metadata: Any) -> dict[int, int]:
    """Cents by the producer's key, as instruct.py writes them; none where they are not to be read."""
    pairs = [pair.partition(":") for pair in str(getattr(metadata, "shares", "") or "").split(",") if pair]
    try:
        return {int(producer): int(cents) for producer, _colon, cents in pairs}
    except ValueError:
        return {}


@dataclass(frozen=True)
class PaymentSnapshot:
    """A Checkout Session and the payment that came of it."""

    session_id: str
    session: str  # "open", "complete" or "expired"
    url: str = ""
    order_number: str = ""
    intent_id: str = ""
    intent: str = ""  # the status of the PaymentIntent; empty before anybody tried a card
    charge_id: str = ""
    capture_before: dt.datetime | None = None
    captured_cents: int = 0
    fee_cents: int | None = None  # known only once the money was captured
    shares: dict[int, int] = field(default_factory=dict)  # what was captured for each producer, where we wrote it there

    @classmethod
    def of(cls, session: Any) -> PaymentSnapshot:
        """From a Session whose payment_intent.latest_charge.balance_transaction is expanded."""
        intent = session.payment_intent
        charge = None if intent is None or isinstance(intent, str) else intent.latest_charge
        payment: dict[str, Any] = {}
        if intent is not None and not isinstance(intent, str):
            payment = {"intent_id": intent.id, "intent": intent.status, "captured_cents": intent.amount_received}
            payment["shares"] = shares_in(intent.metadata)
        if charge is not None and not isinstance(charge, str):
            card = getattr(charge.payment_method_details, "card", None)
            booked = charge.balance_transaction
            payment |= {
                "charge_id": charge.id,
                "capture_before": _time(getattr(card, "capture_before", None)),
                "fee_cents": None if booked is None or isinstance(booked, str) else booked.fee,
            }
        return cls(
            session_id=session.id,
            session=session.status,
            url=session.url or "",
            order_number=session.client_reference_id or "",
            **payment,
        )


@dataclass(frozen=True)
class DisputeSnapshot:
    """A payment that a resident contests with its bank."""

    stripe_id: str
    intent_id: str
    cents: int
    reason: str
    status: str
    opened_at: dt.datetime

    @classmethod
    def of(cls, dispute: Any) -> DisputeSnapshot:
        return cls(
            stripe_id=dispute.id,
            intent_id=str(dispute.payment_intent or ""),
            cents=dispute.amount,
            reason=dispute.reason or "",
            status=dispute.status,
            opened_at=dt.datetime.fromtimestamp(dispute.created, dt.UTC),
        )

    @property
    def is_closed(self) -> bool:
        """https://docs.stripe.com/api/disputes/object#dispute_object-status."""
        return self.status in ("won", "lost", "warning_closed", "prevented")


@dataclass(frozen=True)
class AccountSnapshot:
    """A producer's account. `producer`: the slug with which it was made."""

    stripe_id: str
    country: str
    transfers: str  # "active", "pending" or "inactive"
    details_submitted: bool
    due: list[str] = field(default_factory=list)
    disabled_reason: str = ""
    producer: str = ""

    @classmethod
    def of(cls, account: Any) -> AccountSnapshot:
        wanted = account.requirements
        return cls(
            stripe_id=account.id,
            country=account.country or "",
            transfers=getattr(account.capabilities, "transfers", None) or "inactive",
            details_submitted=bool(account.details_submitted),
            due=list(getattr(wanted, "currently_due", None) or []),
            disabled_reason=getattr(wanted, "disabled_reason", None) or "",
            producer=getattr(account.metadata, "producer", ""),
        )


@dataclass(frozen=True)
class EventSnapshot:
    """An event, reduced to its keys: what it is about is asked of the API."""

    event_id: str
    kind: str
    livemode: bool
    api_version: str
    subject: str
    related: str
    order_number: str
    account: str
    happened_at: dt.datetime

    @classmethod
    def of(cls, event: dict[str, Any]) -> EventSnapshot:
        """From an event as JSON. Raises KeyError, TypeError or ValueError for what is none."""
        about = event["data"]["object"]
        named = about.get("metadata") or {}
        related = about.get("payment_intent") or about.get("charge") or about.get("source_transaction") or ""
        return cls(
            event_id=str(event["id"])[:60],
            kind=str(event["type"])[:60],
            livemode=bool(event["livemode"]),
            api_version=str(event.get("api_version") or ""),
            subject=str(about.get("id") or "")[:100],
            related=str(related if isinstance(related, str) else related["id"])[:100],
            order_number=str(about.get("client_reference_id") or named.get("order") or "")[:32],
            account=str(event.get("account") or "")[:60],
            happened_at=dt.datetime.fromtimestamp(int(event["created"]), dt.UTC),
        )


@dataclass(frozen=True)
class MoneySnapshot:
    """One payment, refund, transfer or reversal, as Stripe lists it. `cents` is what it moves, or authorises."""

    kind: str  # "payment", "refund", "transfer" or "reversal"
    stripe_id: str
    cents: int
    status: str
    order_number: str
    instruction_key: str  # of ours, that asked for it; empty for what somebody did by hand
    happened_at: dt.datetime
    about: str = ""  # the payment that a refund is of, the transfer that a reversal is of, the account of a transfer
    shares: dict[int, int] = field(default_factory=dict)  # see `shares_in`

    @classmethod
    def of(cls, row: Any) -> MoneySnapshot:
        """From an object of Stripe's. Raises KeyError for another kind of object."""
        kind = {"payment_intent": "payment", "transfer_reversal": "reversal"}.get(row.object, row.object)
        cents = row.amount_capturable + row.amount_received if kind == "payment" else row.amount
        about = {"refund": "payment_intent", "reversal": "transfer", "transfer": "destination"}.get(kind, "")
        return cls(
            kind=kind,
            stripe_id=row.id,
            cents=cents,
            status=getattr(row, "status", None) or "succeeded",
            order_number=str(getattr(row.metadata, "order", "") or "")[:32],
            instruction_key="" if kind == "payment" else str(getattr(row.metadata, "instruction", "") or ""),
            happened_at=dt.datetime.fromtimestamp(row.created, dt.UTC),
            about=str(getattr(row, about, "") or "") if about else "",
            shares=shares_in(row.metadata),
        )
