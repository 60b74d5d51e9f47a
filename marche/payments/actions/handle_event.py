"""An event of Stripe is a hint that something is worth asking about."""

from __future__ import annotations

import logging

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from marche.payments.actions.book_refunds import book_refunds
from marche.payments.actions.note_dispute import note_dispute
from marche.payments.actions.reconcile import reconcile
from marche.payments.actions.refresh_account import refresh_account
from marche.payments.gateway import Gateway
from marche.payments.hold import is_on_hold
from marche.payments.locks import lock_payment
from marche.payments.models import CAME_BACK, Account, Instruction, PaymentAttempt, StripeEvent
from marche.payments.payable import payable
from marche.payments.refusals import OnHoldError

logger = logging.getLogger(__name__)


def handle_event(event_id: int) -> bool:
    """Ask Stripe about what an event speaks of, whatever it says itself. False when that was done before.

    Raises StripeError when Stripe gives no answer, or payments are on hold after a restore: the event stays to be done.
    """
    if is_on_hold():
        raise OnHoldError("books-on-hold")
    event = StripeEvent.objects.get(pk=event_id)
    if event.handled_at:
        return False
    StripeEvent.objects.filter(pk=event_id).update(tries=F("tries") + 1)
    if event.account:
        _account(event)
    elif event.kind.startswith("charge.dispute."):
        note_dispute(event.subject, till=event.till)
    elif event.kind.startswith("refund."):
        _refund(event)
    elif (attempt_id := attempt_of(event)) is not None:
        reconcile(attempt_id)
    else:
        logger.warning("event %s (%s) is about no payment of ours", event.event_id, event.kind)
    StripeEvent.objects.filter(pk=event_id).update(handled_at=timezone.now())
    return True


def attempt_of(event: StripeEvent) -> int | None:
    """The attempt that an event speaks of: by its session or payment, else the last one of the order that it names."""
    named = {event.subject, event.related} - {""}
    ours = PaymentAttempt.objects.filter(till=event.till)
    by_key = Q(session_id__in=named) | Q(intent_id__in=named) | Q(charge_id__in=named)
    found = ours.filter(by_key) | ours.filter(order__number=event.order_number or None)
    rows = sorted(
        found.values_list("pk", "session_id", "intent_id"), key=lambda row: (bool(named & set(row[1:])), row[0])
    )
    return rows[-1][0] if rows else None


def _account(event: StripeEvent) -> None:
    account = Account.objects.filter(till=event.till, stripe_id=event.account).values_list("pk", flat=True).first()
    if account is not None:
        refresh_account(account)


def _refund(event: StripeEvent) -> None:
    """One that was not asked for here is booked; one that the bank sent back counts as refused."""
    ours = Instruction.objects.filter(attempt__till=event.till, kind=Instruction.Kind.REFUND, stripe_id=event.subject)
    instruction = ours.first()
    if instruction is None:
        if (attempt_id := attempt_of(event)) is not None:
            book_refunds(attempt_id)
        return
    if Gateway.of(event.till).see_refund(event.subject) not in ("failed", "canceled"):
        return
    logger.error("refund %s has failed", instruction.pk)
    with transaction.atomic(durable=True):
        order, attempt = lock_payment(instruction.attempt_id)
        done = Instruction.objects.filter(pk=instruction.pk, state=Instruction.State.DONE)
        done.update(state=Instruction.State.REFUSED, error=CAME_BACK, due_at=timezone.now())
        payable().follow(order, attempt)
