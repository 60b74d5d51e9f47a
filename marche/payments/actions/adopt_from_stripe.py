"""After a restore, what Stripe has and our books have not is adopted, before anything is asked of Stripe again."""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Min, Model, Q, QuerySet

from marche.common.language import in_town_language
from marche.payments.actions.adopt_accounts import AdoptedAccounts, adopt_accounts
from marche.payments.adjust import adjust_payment, less_was_due
from marche.payments.adopt import MOVES, adopt, drop_waiting
from marche.payments.gateway import Gateway
from marche.payments.locks import lock_payment
from marche.payments.models import Instruction, PaymentAttempt
from marche.payments.payable import payable
from marche.payments.record import record
from marche.payments.refusals import RefusedError
from marche.payments.snapshots import MoneySnapshot, PaymentSnapshot

logger = logging.getLogger(__name__)
State = PaymentAttempt.State
MARGIN = dt.timedelta(hours=1)


@dataclass
class Adopted:
    """`accounts`, `moves`, `payments`: what was adopted, or would be. `unknown`: what belongs to no order that we know.

    `to_look_at`: orders (by reference) of which nothing is kept any more at Stripe, while they stand here.
    """

    moves: list[MoneySnapshot] = field(default_factory=list)
    payments: list[PaymentSnapshot] = field(default_factory=list)
    unknown: list[MoneySnapshot] = field(default_factory=list)
    to_look_at: list[str] = field(default_factory=list)
    accounts: AdoptedAccounts = field(default_factory=AdoptedAccounts)


class _DryRunError(Exception):
    """Nothing is to be kept of it."""


def adopt_from_stripe(till_name: str, *, since: dt.datetime, dry_run: bool = False) -> Adopted:
    """Bring our books of a till to what Stripe has done since the aware time `since`, by anybody. No money moves.

    First the accounts of producers, by which one knows whom a transfer went to; then each payment in its own
    transaction. With `dry_run`, each is undone. Doing it again adopts nothing more. Raises StripeError when Stripe
    gives no answer: what was adopted until then stays, and the rest follows the next time.
    """
    gateway = Gateway.of(till_name)
    attempts = PaymentAttempt.objects.filter(till=till_name)
    listed = {row.stripe_id: row for row in gateway.money_since(_oldest(till_name, since) - MARGIN)}
    listed |= {row.stripe_id: row for row in gateway.reversals_since(since - MARGIN)}
    adopted = Adopted(accounts=adopt_accounts(till_name, since=since - MARGIN, dry_run=dry_run))
    of_attempt = _sort_out(gateway, till_name, listed.values(), adopted)
    open_ones = Q(state__in=[State.NEW, State.OPEN, State.AUTHORISED])
    ids = {*attempts.filter(open_ones).values_list("pk", flat=True), *of_attempt}
    ids.update(_undecided(till_name).values_list("attempt", flat=True))
    for attempt_id in sorted(ids):
        seen = _look(gateway, PaymentAttempt.objects.get(pk=attempt_id), listed.values())
        with in_town_language():
            _adopt(attempt_id, seen, of_attempt[attempt_id], adopted, dry_run=dry_run)
    return adopted


def _undecided(till: str) -> QuerySet[Instruction]:
    return Instruction.objects.filter(attempt__till=till, kind__in=MOVES, state=Instruction.State.WAITING)


def _oldest(till: str, since: dt.datetime) -> dt.datetime:
    """Since when Stripe's lists are read: what waits in our books may have been done there before the backup."""
    waiting = PaymentAttempt.objects.waiting().filter(till=till)
    found: list[dt.datetime | None] = [rows.aggregate(at=Min("made_at"))["at"] for rows in (waiting, _undecided(till))]
    return min([since, *(at for at in found if at)])


def _sort_out(
    gateway: Gateway, till: str, rows: Iterable[MoneySnapshot], adopted: Adopted
) -> defaultdict[int, list[MoneySnapshot]]:  # fmt: skip
    """The refunds, transfers and reversals by attempt, in the order in which they happened."""
    found: defaultdict[int, list[MoneySnapshot]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.happened_at, MOVES.index(row.kind) if row.kind in MOVES else -1)):
        attempt = _attempt_of(gateway, till, row)
        if attempt is None:
            adopted.unknown += [row] if row.cents and row.status != "canceled" else []
        elif row.kind != "payment":
            found[attempt].append(row)
    return found


def _attempt_of(gateway: Gateway, till: str, row: MoneySnapshot) -> int | None:
    """By the payment, else by the order's reference: its last attempt that was paid, or else its last."""
    attempts = PaymentAttempt.objects.filter(till=till)
    intent = row.stripe_id if row.kind == "payment" else row.about if row.kind == "refund" else ""
    if intent and (known := attempts.filter(intent_id=intent).first()):
        return known.pk
    of_order = list(attempts.filter(order__number=row.order_number or None).order_by("pk"))
    if len(of_order) > 1 and intent:
        session = gateway.session_of(intent)
        of_order = [attempt for attempt in of_order if attempt.session_id == session] or of_order
    paid = [attempt for attempt in of_order if attempt.state not in (State.EXPIRED, State.VOIDED)]
    return (paid or of_order)[-1].pk if of_order else None


def _look(gateway: Gateway, attempt: PaymentAttempt, rows: Iterable[MoneySnapshot]) -> PaymentSnapshot | None:
    """How Stripe describes a payment; None for one that it has never heard of, which a resident may still open."""
    session = attempt.session_id
    if not session:
        number = attempt.order.number
        intents = [row.stripe_id for row in rows if row.kind == "payment" and row.order_number == number]
        session = next((name for intent in reversed(intents) if (name := gateway.session_of(intent))), "")
    if not session or PaymentAttempt.objects.filter(session_id=session).exclude(pk=attempt.pk).exists():
        return None
    try:
        return gateway.see(session)
    except RefusedError as refusal:
        logger.warning("attempt %s could not be asked about: %s", attempt.pk, refusal)
        return None


def _adopt(
    attempt_id: int, seen: PaymentSnapshot | None, moves: list[MoneySnapshot], adopted: Adopted, *, dry_run: bool
) -> None:  # fmt: skip
    try:
        with transaction.atomic(durable=True):
            order, attempt = lock_payment(attempt_id)
            was = attempt.state
            is_new = seen is not None and _record(order, attempt, seen)
            if seen and attempt.state != was:
                adopted.payments.append(seen)
            taken_over = _moves_of(attempt, moves, adopted)
            adopted.moves += taken_over
            drop_waiting(attempt)
            if taken_over or is_new:
                transfers = {row.about: row.happened_at for row in moves if row.kind == "transfer"}
                payable().fit(order, attempt, _transferred_at(attempt, transfers), is_new=is_new)
            _follow(order, attempt)
            attempt.refresh_from_db()
            if not payable().is_cancelled(order) and _is_empty(attempt) and (taken_over or attempt.state != was):
                adopted.to_look_at.append(attempt.order.number)
            if dry_run:
                raise _DryRunError
    except _DryRunError:
        pass


def _record(order: Model, attempt: PaymentAttempt, seen: PaymentSnapshot) -> bool:
    """Write what Stripe says of a payment; an order that was paid in time is confirmed, whatever the hour is now.

    Returns whether the money was captured since the backup.
    """
    was = attempt.state
    record(order, attempt, seen)
    if attempt.state in (State.AUTHORISED, State.CAPTURED):
        payable().confirm_quietly(order)
    return attempt.state == State.CAPTURED and was != State.CAPTURED


def _moves_of(attempt: PaymentAttempt, moves: Iterable[MoneySnapshot], adopted: Adopted) -> list[MoneySnapshot]:
    """Those that were adopted now; what is of nobody whom we know is noted."""
    found = []
    for move in moves:
        try:
            found += [move] if adopt(attempt, move) else []
        except LookupError:
            adopted.unknown.append(move)
    return found


def _follow(order: Model, attempt: PaymentAttempt) -> None:
    """No mail of what was told before the restore; an authorisation that ended since is for the manager to look at."""
    if attempt.state in (State.AUTHORISED, State.CAPTURED):
        adjust_payment(order, less_was_due())
    elif attempt.state != State.VOIDED:
        payable().follow(order, attempt)


def _transferred_at(attempt: PaymentAttempt, transfers: dict[str, dt.datetime]) -> dict[int, dt.datetime]:
    """When something was transferred to each producer, by its key."""
    shares = attempt.shares.filter(producer__accounts__stripe_id__in=transfers)
    rows = shares.values_list("producer", "producer__accounts__stripe_id")
    return {producer: transfers[account] for producer, account in rows if account in transfers}


def _is_empty(attempt: PaymentAttempt) -> bool:
    """Whether all that was authorised or captured went back."""
    if attempt.state == State.VOIDED:
        return True
    refunds = attempt.instructions.filter(kind=Instruction.Kind.REFUND, state=Instruction.State.DONE)
    given = sum(refunds.values_list("cents", flat=True))
    return attempt.state == State.CAPTURED and given >= (attempt.captured_cents or 0)
