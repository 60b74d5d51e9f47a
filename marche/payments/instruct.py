"""Write down what is to be asked of Stripe, with what it moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from marche.payments.models import Instruction, Movement, PaymentAttempt, Share

Kind, State = Instruction.Kind, Instruction.State
LONGEST_METADATA = 500  # characters of a value, https://docs.stripe.com/api/metadata
UNDECIDED = (State.WAITING, State.REFUSED)


def instruct(
    attempt: PaymentAttempt, kind: Instruction.Kind, *, cents: int = 0, target: str = "", reason: str = "",
    moves: Mapping[int, int] | None = None, parameters: dict[str, Any] | None = None,
) -> Instruction:  # fmt: skip
    """Write an instruction with its movements (cents by share); Stripe is asked after the transaction."""
    instruction = Instruction.objects.create(
        attempt=attempt, kind=kind, cents=cents, target=target, reason=reason, parameters=parameters or {},
        due_at=timezone.now(),
    )  # fmt: skip
    if kind in (Kind.CAPTURE, Kind.REFUND, Kind.TRANSFER, Kind.REVERSAL):
        # By it an instruction is found again at Stripe, see Gateway.find, be it gone from our books (adopt.py).
        named = {"order": attempt.order.number, "instruction": instruction.key}
        instruction.parameters["metadata"] = named | _written_out(moves or {})
        instruction.save(update_fields=["parameters"])
    Movement.objects.bulk_create(
        Movement(instruction=instruction, share_id=share, cents=cents)
        for share, cents in (moves or {}).items()
        if cents
    )
    return instruction


def _written_out(moves: Mapping[int, int]) -> dict[str, str]:
    """ "12:375,14:-850": the cents of each producer, by its key; left out where it would be too long for Stripe."""
    producers = Share.objects.filter(pk__in=moves).order_by("pk").values_list("pk", "producer")
    words = ",".join(f"{producer}:{moves[share]}" for share, producer in producers)
    return {"shares": words} if 0 < len(words) <= LONGEST_METADATA else {}
