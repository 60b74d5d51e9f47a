"""Payments by card as rows, without Stripe: an order that was paid, and what moved of it since."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from marche.payments.models import Account, Dispute, Instruction, Movement, PaymentAttempt, Share
from orders.models import Pickup
from producers.models import Producer


def payment(pickup: Pickup, **changes: Any) -> PaymentAttempt:
    """The order is paid by card in advance: authorised, unless said otherwise, at the most each part can come to."""
    pickup.parts.update(online=True)
    parts = list(pickup.parts.all())
    values: dict[str, Any] = {
        "till": "beauvais",
        "parameters": {},
        "amount_cents": sum(part.max_cents for part in parts),
        "expires_at": timezone.now(),
        "state": PaymentAttempt.State.AUTHORISED,
        "session_id": f"cs_{pickup.pk}",
        "intent_id": f"pi_{pickup.pk}",
        "charge_id": f"ch_{pickup.pk}",
        "authorised_at": timezone.now(),
    }
    attempt = PaymentAttempt.objects.create(order=pickup.order, **values | changes)
    for part in parts:
        Share.objects.create(
            attempt=attempt, producer=part.producer, authorised_cents=part.max_cents, due_cents=part.max_cents
        )
    return attempt


def captured(pickup: Pickup, *, fee_cents: int | None = None, earned: bool = False, **changes: Any) -> PaymentAttempt:
    """All of it was taken; `fee_cents` is each producer's part of the fee, `earned`: the goods were handed over."""
    now = timezone.now()
    attempt = payment(pickup, **{"state": PaymentAttempt.State.CAPTURED, "captured_at": now} | changes)
    attempt.captured_cents = attempt.amount_cents
    attempt.save()
    for share in attempt.shares.all():
        share.captured_cents, share.fee_cents = share.due_cents, fee_cents
        share.earned_at = now if earned else None
        share.save()
    moved({share: share.due_cents for share in attempt.shares.all()}, "capture")
    return attempt


def moved(moves: dict[Share, int], kind: str, state: str = "done", **changes: Any) -> Instruction:
    """An instruction about these shares, cents by share with the sign of the ledger."""
    attempt = next(iter(moves)).attempt
    values: dict[str, Any] = {"cents": abs(sum(moves.values())), "due_at": timezone.now()}
    if state == "done":
        values["done_at"] = timezone.now()
    instruction = Instruction.objects.create(attempt=attempt, kind=kind, state=state, **values | changes)
    for share, cents in moves.items():
        Movement.objects.create(instruction=instruction, share=share, cents=cents)
    return instruction


def contested(attempt: PaymentAttempt, status: str = "needs_response", **changes: Any) -> Dispute:
    values: dict[str, Any] = {
        "stripe_id": f"dp_{attempt.pk}",
        "cents": attempt.captured_cents or attempt.amount_cents,
        "reason": "fraudulent",
        "opened_at": timezone.now(),
    }
    return Dispute.objects.create(attempt=attempt, status=status, **values | changes)


def account(producer: Producer, **changes: Any) -> Account:
    """An account to which money can go."""
    values: dict[str, Any] = {
        "till": "beauvais",
        "key": f"key-{producer.pk}",
        "stripe_id": f"acct_{producer.pk}",
        "transfers": "active",
        "details_submitted": True,
    }
    return Account.objects.create(producer=producer, **values | changes)
