"""Write what Stripe says of a payment into our rows. Only forward: an answer that comes late takes nothing back."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Model
from django.utils import timezone

from marche.common.money import split
from marche.markets.models import Market
from marche.payments.instruct import UNDECIDED, instruct
from marche.payments.models import Instruction, PaymentAttempt, Share
from marche.payments.payable import payable
from marche.payments.snapshots import PaymentSnapshot

Kind, State = Instruction.Kind, PaymentAttempt.State
RANK = {State.NEW: 0, State.OPEN: 1, State.AUTHORISED: 2, State.CAPTURED: 3, State.VOIDED: 3, State.EXPIRED: 3}
REACHED_AT = {
    State.AUTHORISED: "authorised_at",
    State.CAPTURED: "captured_at",
    State.VOIDED: "ended_at",
    State.EXPIRED: "ended_at",
}
WRITTEN = ["state", "session_id", "session_url", "intent_id", "charge_id", "capture_before", "asked_at", "problem"]
WRITTEN += ["captured_cents", "fee_cents", "authorised_at", "captured_at", "ended_at"]


def record_and_follow(order: Model, attempt: PaymentAttempt, seen: PaymentSnapshot) -> None:
    """Write what Stripe said of an attempt, and what follows from it for its order; both are locked."""
    record(order, attempt, seen)
    payable().follow(order, attempt)


def record(order: Model, attempt: PaymentAttempt, seen: PaymentSnapshot) -> bool:
    """Bring an attempt, locked with its order, its shares and its instructions to what was seen.

    True when its state changed.
    """
    now = timezone.now()
    attempt.session_id, attempt.asked_at, attempt.problem = seen.session_id, now, ""
    attempt.session_url = seen.url
    attempt.intent_id = seen.intent_id or attempt.intent_id
    attempt.charge_id = seen.charge_id or attempt.charge_id
    attempt.capture_before = seen.capture_before or attempt.capture_before
    reached = state_of(seen)
    is_new = RANK[reached] > RANK[State(attempt.state)]
    if is_new:
        attempt.state = reached
        if field := REACHED_AT.get(reached):
            setattr(attempt, field, now)
        if reached == State.CAPTURED:
            _captured(attempt, seen.captured_cents, seen.shares)
    if attempt.state == State.CAPTURED and attempt.fee_cents is None and seen.fee_cents is not None:
        payer = payable().day(order).market.fee_payer
        _share_fee(attempt, seen.fee_cents, on_producers=payer == Market.FeePayer.PRODUCERS)
    attempt.save(update_fields=WRITTEN)
    _close_instructions(attempt)
    return is_new


def state_of(seen: PaymentSnapshot) -> PaymentAttempt.State:
    """By the status of the PaymentIntent where there is one; https://docs.stripe.com/payments/paymentintents/lifecycle."""
    if seen.intent == "succeeded":
        return State.CAPTURED
    if seen.intent == "requires_capture":
        return State.AUTHORISED
    if seen.session == "expired":
        return State.EXPIRED
    return State.VOIDED if seen.intent == "canceled" else State.OPEN


def _captured(attempt: PaymentAttempt, cents: int, written: Mapping[int, int]) -> None:
    """The ledger follows what was really captured: as we asked for, or by somebody in Stripe's dashboard."""
    attempt.captured_cents = cents
    undecided = attempt.instructions.filter(kind__in=[Kind.CAPTURE, Kind.VOID], state__in=UNDECIDED).order_by("pk")
    asked = undecided.filter(kind=Kind.CAPTURE, cents=cents).last()
    undecided.exclude(pk=asked.pk if asked else 0).update(state=Instruction.State.DROPPED)
    shares = list(attempt.shares.all())
    if asked is None:
        moves = _as_written(shares, cents, written) or _as_due(shares, cents)
        asked = instruct(attempt, Kind.CAPTURE, cents=cents, target=attempt.intent_id, moves=moves)
    captured = dict(asked.movements.values_list("share", "cents"))
    for share in shares:
        share.captured_cents = captured.get(share.pk, 0)
    Share.objects.bulk_update(shares, ["captured_cents"])


def _as_written(shares: list[Share], cents: int, written: Mapping[int, int]) -> dict[int, int]:
    """Cents by share, as they stand at Stripe with the payment (after a restore ours are gone); none if they differ."""
    moves = {share.pk: written.get(share.producer_id, 0) for share in shares}
    fits = all(0 <= moves[share.pk] <= share.authorised_cents for share in shares)
    return moves if fits and sum(moves.values()) == cents else {}


def _as_due(shares: list[Share], cents: int) -> dict[int, int]:
    """Cents by share in proportion to what is due, or to what was authorised where more was captured than that."""
    due = [share.due_cents for share in shares]
    weights = due if cents <= sum(due) else [share.authorised_cents for share in shares]
    return {share.pk: part for share, part in zip(shares, split(cents, weights), strict=True)}


def _share_fee(attempt: PaymentAttempt, cents: int, *, on_producers: bool) -> None:
    """To the cent by largest remainder, in proportion to what was captured for each; never more than that."""
    attempt.fee_cents = cents
    shares = list(attempt.shares.all())
    borne = min(cents, attempt.captured_cents or 0) if on_producers else 0
    parts = split(borne, [share.captured_cents or 0 for share in shares])
    for share, part in zip(shares, parts, strict=True):
        share.fee_cents = part
    Share.objects.bulk_update(shares, ["fee_cents"])


def _close_instructions(attempt: PaymentAttempt) -> None:
    """What was asked and is so is done; what can't come true any more is dropped."""
    open_ones = attempt.instructions.filter(state__in=UNDECIDED)
    came_true = {
        State.CAPTURED: Kind.CAPTURE,
        State.VOIDED: Kind.VOID,
        State.EXPIRED: Kind.EXPIRE,
    }.get(State(attempt.state))
    if came_true is None:
        return
    done = {"state": Instruction.State.DONE, "done_at": timezone.now(), "error": ""}
    open_ones.filter(kind=came_true).update(**done, stripe_id=attempt.intent_id)
    others = {Kind.CAPTURE, Kind.VOID, Kind.EXPIRE} - {came_true}
    open_ones.filter(kind__in=others).update(state=Instruction.State.DROPPED)
