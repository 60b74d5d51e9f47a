"""Write into our books what Stripe has and they have not: of a payment that is locked, after a restore."""

from __future__ import annotations

from marche.payments.capture_or_refund import book_refund
from marche.payments.instruct import instruct
from marche.payments.models import Account, Instruction, Movement, PaymentAttempt
from marche.payments.snapshots import MoneySnapshot

Kind, State = Instruction.Kind, Instruction.State
MOVES = (Kind.REFUND, Kind.TRANSFER, Kind.REVERSAL)
FAILED = ("failed", "canceled")


def adopt(attempt: PaymentAttempt, move: MoneySnapshot) -> bool:
    """Note one refund, transfer or reversal as done; False when it stands in our books, or moved nothing.

    Where our own instruction is still there, it is done; else it is written again, with the shares that stand at Stripe
    in its metadata, or as near as one can tell. Raises LookupError for a transfer to nobody that this payment is of.
    """
    rows = attempt.instructions.filter(kind=move.kind)
    if move.status in FAILED or rows.filter(stripe_id=move.stripe_id, state__in=[State.DONE, State.REFUSED]).exists():
        return False
    ours = rows.filter(key=move.instruction_key, cents=move.cents).first() or _written_again(attempt, move)
    ours.state, ours.stripe_id, ours.done_at, ours.error = State.DONE, move.stripe_id, move.happened_at, ""
    ours.save(update_fields=["state", "stripe_id", "done_at", "error"])
    return True


def drop_waiting(attempt: PaymentAttempt) -> int:
    """What is asked and was not found at Stripe is asked afresh, by what is owed now. Returns how many were dropped."""
    waiting = attempt.instructions.filter(kind__in=MOVES, state=State.WAITING)
    return waiting.update(state=State.DROPPED)


def _written_again(attempt: PaymentAttempt, move: MoneySnapshot) -> Instruction:
    moves = _as_written(attempt, move) or _as_known(attempt, move)
    if move.kind == Kind.REFUND and not moves:
        return book_refund(attempt, move.stripe_id, move.cents)
    if not moves:
        raise LookupError(move.stripe_id)
    target = move.about if move.kind == Kind.REVERSAL else ""
    row = instruct(attempt, Kind(move.kind), cents=move.cents, target=target, moves=moves)
    if move.instruction_key and not Instruction.objects.filter(key=move.instruction_key).exists():
        row.key = move.instruction_key
        row.save(update_fields=["key"])
    return row


def _as_written(attempt: PaymentAttempt, move: MoneySnapshot) -> dict[int, int]:
    """Cents by share, from the metadata; none where they are not all of this payment, or come to another sum."""
    shares = dict(attempt.shares.values_list("producer", "pk"))
    if not move.shares.keys() <= shares.keys() or abs(sum(move.shares.values())) != move.cents:
        return {}
    return {shares[producer]: cents for producer, cents in move.shares.items()}


def _as_known(attempt: PaymentAttempt, move: MoneySnapshot) -> dict[int, int]:
    """A transfer is its account's, a reversal its transfer's."""
    if move.kind == Kind.TRANSFER:
        producers = Account.objects.filter(stripe_id=move.about).values("producer")
        shares = attempt.shares.filter(producer__in=producers).values_list("pk", flat=True)
        return dict.fromkeys(shares[:1], move.cents)
    if move.kind == Kind.REVERSAL:
        transfer = Movement.objects.filter(instruction__attempt=attempt, instruction__stripe_id=move.about)
        return dict.fromkeys(transfer.values_list("share", flat=True)[:1], -move.cents)
    return {}
