"""Bring what a resident's card pays in line with what is owed: captured, voided, refunded, or nothing.

Whoever has locked the attempt says what each producer is owed now; what follows is written as an instruction. Saying
the same again writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from marche.common.money import split
from marche.payments.instruct import UNDECIDED, instruct
from marche.payments.models import Instruction, Movement, PaymentAttempt, Share

Kind, State = Instruction.Kind, Instruction.State
SMALLEST_CENTS = 50  # https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts


def capture_or_refund(
    attempt: PaymentAttempt, due: Mapping[int, int], *, capture: bool, reason: str = ""
) -> list[Instruction]:  # fmt: skip
    """Note what is due (cents by producer) of an attempt that is locked, and write what must be asked of Stripe for it.

    `capture`: whether it is time to capture the money. Before, it is only voided when `due` names none of the shares,
    for nothing is to be prepared any more: what comes to nothing otherwise may have been noted by mistake. A share that
    `due` does not name owes nothing. Returns the instructions written, at most one.
    """
    shares = list(attempt.shares.all())
    for share in shares:
        share.due_cents = min(due.get(share.producer_id, 0), share.authorised_cents)
    Share.objects.bulk_update(shares, ["due_cents"])
    total = sum(share.due_cents for share in shares)
    if attempt.is_waiting:
        return [] if total else _expire(attempt)
    if attempt.state == PaymentAttempt.State.AUTHORISED:
        is_given_up = not any(share.producer_id in due for share in shares)
        return _capture_or_void(attempt, shares, total, capture=capture or is_given_up, reason=reason)
    if attempt.state == PaymentAttempt.State.CAPTURED:
        return _refund(attempt, shares, reason)
    return []


def book_refund(attempt: PaymentAttempt, refund_id: str, cents: int) -> Instruction:
    """Write into the ledger what somebody refunded in Stripe's dashboard, of an attempt that is locked.

    It counts for the shares of which more is kept than is due, else for all in proportion to what is kept. What we
    have asked for and is not done yet is left out of account: Stripe will refuse it, for the money is gone.
    """
    shares = list(attempt.shares.all())
    sums = Movement.objects.from_residents().counted().sums(share.pk for share in shares)
    kept = [sums.get(share.pk, 0) for share in shares]
    excess = [max(got - share.due_cents, 0) for got, share in zip(kept, shares, strict=True)]
    parts = split(cents, excess if cents <= sum(excess) else kept)
    moves = {share.pk: -part for share, part in zip(shares, parts, strict=True)}
    booked = instruct(attempt, Kind.REFUND, cents=cents, moves=moves, parameters={"payment_intent": attempt.intent_id})
    booked.state, booked.done_at, booked.stripe_id = State.DONE, timezone.now(), refund_id
    booked.save(update_fields=["state", "done_at", "stripe_id"])
    return booked


def _expire(attempt: PaymentAttempt) -> list[Instruction]:
    """Nobody is to pay any more. Who pays in this very moment is given the money back, see `_refund`."""
    asked = attempt.instructions.filter(kind=Kind.EXPIRE, state=State.WAITING)
    if not attempt.session_id or asked.exists():
        return []
    return [instruct(attempt, Kind.EXPIRE, target=attempt.session_id)]


def _capture_or_void(
    attempt: PaymentAttempt, shares: list[Share], total: int, *, capture: bool, reason: str
) -> list[Instruction]:
    """Capture what is due, once: what falls away later is refunded. Below Stripe's minimum all is voided."""
    untried = attempt.instructions.filter(kind=Kind.CAPTURE, state=State.WAITING, tries=0)
    untried.exclude(cents=total).update(state=State.DROPPED)  # nobody has begun it, nor can while it is locked here
    if not capture or attempt.instructions.filter(kind__in=[Kind.VOID, Kind.CAPTURE], state__in=UNDECIDED).exists():
        return []
    target = attempt.intent_id
    if total < SMALLEST_CENTS:
        why = "requested_by_customer" if not total else "abandoned"
        return [instruct(attempt, Kind.VOID, target=target, reason=reason, parameters={"cancellation_reason": why})]
    moves = {share.pk: share.due_cents for share in shares}
    return [
        instruct(
            attempt, Kind.CAPTURE, cents=total, target=target, moves=moves, parameters={"amount_to_capture": total}
        )
    ]


def _refund(attempt: PaymentAttempt, shares: list[Share], reason: str) -> list[Instruction]:
    """Refund what was captured and is not due any more, all shares in one refund.

    Nothing while a refund waits, so that one decision follows the other, nor after Stripe refused one: a manager looks.
    """
    if attempt.instructions.filter(kind=Kind.REFUND, state__in=UNDECIDED).exists():
        return []
    kept = Movement.objects.from_residents().counted().sums(share.pk for share in shares)
    moves = {s.pk: s.due_cents - kept.get(s.pk, 0) for s in shares if s.due_cents < kept.get(s.pk, 0)}
    cents = -sum(moves.values())
    if not cents:
        return []
    return [
        instruct(
            attempt, Kind.REFUND, cents=cents, reason=reason, moves=moves,
            parameters={"payment_intent": attempt.intent_id, "amount": cents, "reason": "requested_by_customer"},
        )
    ]  # fmt: skip
