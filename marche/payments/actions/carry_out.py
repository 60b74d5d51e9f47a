"""Carry out what was asked of Stripe: claim a row, call with no transaction open, write what came of it.

Killing a process at any point loses nothing and does nothing twice: before the call nothing has happened, after it the
row is due again when its lease ends, and whoever takes it looks first whether it was done.
"""

from __future__ import annotations

import datetime as dt
import logging
import time

from django.db import transaction
from django.utils import timezone

from marche.payments.gateway import Gateway
from marche.payments.hold import begin, is_on_hold
from marche.payments.locks import claim_instruction, lock_payment
from marche.payments.models import Account, Instruction
from marche.payments.payable import payable
from marche.payments.record import record_and_follow
from marche.payments.refusals import RefusedError, StripeError, UnreachableError
from marche.payments.snapshots import PaymentSnapshot

logger = logging.getLogger(__name__)

RUN_SECONDS = 240  # well inside the time limit of a task
BACKOFF = [dt.timedelta(seconds=s) for s in (10, 30, 60, 120, 300, 600, 1800)]
Kind, State = Instruction.Kind, Instruction.State
NOT_PAYABLE = ("insufficient_capabilities_for_transfer", "account_invalid")  # codes of Stripe
OF_THE_PAYMENT = (Kind.EXPIRE, Kind.VOID, Kind.CAPTURE)  # after these the whole payment is looked at


def carry_out(*, only: int | None = None) -> int:
    """Carry out all instructions that are due, or only this one. Returns how many were done.

    None while the books are on hold after a restore. When Stripe is silent the others wait for the next minute: to wait
    for each would keep a worker from all else.
    """
    begin()
    if is_on_hold():
        return 0
    done, stop_at = 0, time.monotonic() + RUN_SECONDS
    while time.monotonic() < stop_at:
        with transaction.atomic(durable=True):
            instruction = claim_instruction(only)
        if instruction is None:
            break
        try:
            done += _carry_out(instruction)
        except StripeError as error:
            _reschedule(instruction, error)
            if isinstance(error, UnreachableError):
                break
        except Exception:  # it is due again when its lease ends; the others must go on
            logger.exception("instruction %s could not be carried out", instruction.pk)
    return done


def _carry_out(instruction: Instruction) -> bool:
    """Whether it was done. Raises StripeError, nothing being written, when Stripe gives no answer."""
    attempt = instruction.attempt
    gateway = Gateway.of(attempt.till)
    stripe_id, refusal = _perform(gateway, instruction)
    seen = gateway.see(attempt.session_id) if instruction.kind in OF_THE_PAYMENT else None
    _record(instruction, stripe_id, refusal, seen)
    return not refusal


def _perform(gateway: Gateway, instruction: Instruction) -> tuple[str, str]:
    """(Stripe's id of what was done, or why it was refused). After a first try, look before asking again."""
    try:
        found = gateway.find(instruction) if instruction.tries > 1 else ""
        return found or gateway.perform(instruction), ""
    except RefusedError as refusal:
        return "", f"{refusal.code} {refusal.sentence}".strip()[:300]


def _reschedule(instruction: Instruction, error: StripeError) -> None:
    """No answer, or a key that is wrong: once more, later and later, for as long as it takes."""
    wait = BACKOFF[min(instruction.tries, len(BACKOFF)) - 1]
    logger.warning("instruction %s (%s) was not carried out: %s", instruction.pk, instruction.kind, error)
    waiting = Instruction.objects.filter(pk=instruction.pk, state=State.WAITING)
    waiting.update(due_at=timezone.now() + wait, error=(error.sentence or error.code)[:300])


def _record(instruction: Instruction, stripe_id: str, refusal: str, seen: PaymentSnapshot | None) -> None:
    with transaction.atomic(durable=True):
        order, attempt = lock_payment(instruction.attempt_id)
        if seen:
            record_and_follow(order, attempt, seen)  # which closes what came true, and drops what can't any more
        waiting = Instruction.objects.filter(pk=instruction.pk, state=State.WAITING)
        if refusal and instruction.kind == Kind.EXPIRE:  # somebody paid on the page, or it has ended by itself
            waiting.update(state=State.DROPPED, error=refusal)
        elif refusal:
            word = refusal.partition(" ")[0]  # what follows is Stripe's sentence, which may name somebody
            logger.error("Stripe refused instruction %s (%s): %s", instruction.pk, instruction.kind, word)
            can_not_be_paid = instruction.kind == Kind.TRANSFER and refusal.startswith(NOT_PAYABLE)
            waiting.update(state=State.DROPPED if can_not_be_paid else State.REFUSED, error=refusal)
            if can_not_be_paid:  # it is written again once Stripe has told that the account can be paid
                producers = instruction.movements.values("share__producer")
                Account.objects.filter(till=attempt.till, producer__in=producers).update(transfers="inactive")
        elif waiting.update(state=State.DONE, stripe_id=stripe_id, done_at=timezone.now(), error=""):
            if instruction.kind == Kind.REFUND:
                payable().tell_refund(order, instruction)
            payable().follow(order, attempt)
