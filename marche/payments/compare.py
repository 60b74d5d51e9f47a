"""Our books beside Stripe's, by id and cents: what is there and not here, here and not there, or otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from marche.payments.models import LIVE, Instruction, PaymentAttempt
from marche.payments.snapshots import MoneySnapshot

MOVES = ("refund", "transfer", "reversal")
NOTHING_MOVED = ("failed", "canceled")  # refunds that came back, payments that were voided
MARGIN = dt.timedelta(days=1)  # what we noted on the first day may have been done at Stripe before it
State = PaymentAttempt.State


@dataclass(frozen=True)
class Difference:
    """`what`: "unknown" to us, "missing" at Stripe, or "other" cents there. Amounts are cents, `at` is ISO 8601."""

    what: str
    of: str
    stripe_id: str
    stripe_cents: int
    our_cents: int
    order_number: str
    at: str


@dataclass(frozen=True)
class _Ours:
    cents: int
    order_number: str
    at: dt.datetime


def stale_attempts(till: str, seen: Iterable[MoneySnapshot]) -> set[int]:
    """The attempts that Stripe knows otherwise, or whose payment we have not heard of: to be asked about."""
    payments = {row.stripe_id: row for row in seen if row.kind == "payment"}
    known = {attempt.intent_id: attempt for attempt in _attempts(till, Q(intent_id__in=payments))}
    changed = {a.pk for name, a in known.items() if _cents(a) != _seen_cents(payments[name])}
    unheard = {row.order_number for name, row in payments.items() if name not in known and _seen_cents(row)}
    return changed | {
        attempt.pk for attempt in _attempts(till, Q(order__number__in=unheard, intent_id="", state__in=LIVE))
    }


def differences(till: str, seen: Sequence[MoneySnapshot], since: dt.datetime, started: dt.datetime) -> list[Difference]:
    """What differs for a till, the latest first. Asks nothing of Stripe.

    `seen`: all that it listed between the aware times `since` and `started`. What we noted afterwards is left for the
    next time, as is what was done there and is only to be noted yet.
    """
    found = _compare("payment", _there(seen, "payment"), _our_payments(till, seen, since, started))
    for kind in MOVES:
        found += _compare(kind, _there(seen, kind), _our_moves(till, kind, seen, since, started))
    return sorted(found, key=lambda difference: difference.at, reverse=True)


def _compare(kind: str, there: Mapping[str, MoneySnapshot], here: Mapping[str, _Ours]) -> list[Difference]:
    found = [
        _difference("unknown" if name not in here else "other", kind, row, here.get(name))
        for name, row in there.items()
        if _seen_cents(row) != (here[name].cents if name in here else 0)
    ]
    missing = [(name, ours) for name, ours in here.items() if name not in there and ours.cents]
    return found + [
        Difference("missing", kind, name, 0, ours.cents, ours.order_number, ours.at.isoformat())
        for name, ours in missing
    ]


def _difference(what: str, kind: str, row: MoneySnapshot, ours: _Ours | None) -> Difference:
    cents, number = (ours.cents, ours.order_number) if ours else (0, row.order_number)
    return Difference(what, kind, row.stripe_id, _seen_cents(row), cents, number, row.happened_at.isoformat())


def _there(seen: Iterable[MoneySnapshot], kind: str) -> dict[str, MoneySnapshot]:
    under_way = set(Instruction.objects.filter(state="waiting").values_list("key", flat=True))
    rows = (row for row in seen if row.kind == kind)
    return {row.stripe_id: row for row in rows if row.instruction_key not in under_way}


def _seen_cents(row: MoneySnapshot) -> int:
    return 0 if row.status in NOTHING_MOVED else row.cents


def _cents(attempt: PaymentAttempt) -> int:
    """What of it we think is authorised or captured."""
    if attempt.state == State.CAPTURED:
        return attempt.captured_cents or 0
    return attempt.amount_cents if attempt.state == State.AUTHORISED else 0


def _attempts(till: str, wanted: Q) -> list[PaymentAttempt]:
    return list(PaymentAttempt.objects.filter(wanted, till=till).select_related("order"))


def _our_payments(
    till: str, seen: Iterable[MoneySnapshot], since: dt.datetime, started: dt.datetime
) -> dict[str, _Ours]:  # fmt: skip
    listed = {row.stripe_id: _seen_cents(row) for row in seen if row.kind == "payment"}
    lately = Q(authorised_at__gte=since + MARGIN, authorised_at__lt=started) & ~Q(intent_id="")
    found = {}
    for attempt in _attempts(till, Q(intent_id__in=listed) | lately):
        at = attempt.ended_at or attempt.captured_at or attempt.authorised_at or attempt.made_at
        # Changed since it was listed: the list says how it was before, and is no witness.
        cents = _cents(attempt) if at < started else listed.get(attempt.intent_id, 0)
        found[attempt.intent_id] = _Ours(cents, attempt.order.number, at)
    return found


def _our_moves(
    till: str, kind: str, seen: Sequence[MoneySnapshot], since: dt.datetime, started: dt.datetime
) -> dict[str, _Ours]:  # fmt: skip
    listed = [row.stripe_id for row in seen if row.kind == kind]
    lately = Q(done_at__gte=since + MARGIN, done_at__lt=started) & ~Q(stripe_id="")
    if kind == "reversal":  # they are listed with their transfers
        lately &= Q(target__in=[row.stripe_id for row in seen if row.kind == "transfer"])
    rows = Instruction.objects.filter(Q(stripe_id__in=listed) | lately, kind=kind, state="done", attempt__till=till)
    return {
        row.stripe_id: _Ours(row.cents, row.attempt.order.number, row.done_at or started)
        for row in rows.select_related("attempt__order")
    }
