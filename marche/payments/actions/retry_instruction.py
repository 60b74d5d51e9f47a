"""A manager has something asked of Stripe again that it refused."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction

from marche.common.actors import Actor
from marche.outbox.actions.queue import enqueue_task
from marche.payments.actions.book_refunds import book_refunds
from marche.payments.adjust import adjust_payment
from marche.payments.locks import lock_payment
from marche.payments.models import Instruction
from marche.payments.refusals import StripeError

if TYPE_CHECKING:
    from django.contrib.auth.models import User

logger = logging.getLogger(__name__)
State = Instruction.State


def retry_instruction(instruction_id: int, *, by: Actor) -> bool:
    """Give up a refused instruction, and work out afresh what is to be asked. Returns whether it was refused still.

    What is asked then may differ: it is what is owed now, under a new key. Who did it stands in the history of the
    instruction in the administration. Transfers to producers are written by
    their own task, which is enqueued. Raises Instruction.DoesNotExist.
    """
    attempt_id, kind = Instruction.objects.values_list("attempt", "kind").get(pk=instruction_id)
    if kind == Instruction.Kind.REFUND and _given_by_hand(attempt_id):
        return True
    with transaction.atomic(durable=True):
        order, _attempt = lock_payment(attempt_id)
        instruction = Instruction.objects.get(pk=instruction_id)
        if instruction.state != State.REFUSED:
            return False
        instruction.state = State.DROPPED
        instruction.save(update_fields=["state"])
        if by.user:
            _note(instruction, by.user)
        adjust_payment(order, instruction.reason)
        if instruction.kind == Instruction.Kind.TRANSFER:
            transaction.on_commit(partial(enqueue_task, "marche.payments.tasks.transfer_due"))
    return True


def _note(instruction: Instruction, person: User) -> None:
    entries, this = LogEntry.objects, Instruction.objects.filter(pk=instruction.pk)
    entries.log_actions(person.pk, this, CHANGE, change_message="Given up, and worked out afresh", single_object=True)


def _given_by_hand(attempt_id: int) -> bool:
    """Whether somebody has given the money back in Stripe's dashboard, perhaps because it was refused here."""
    try:
        return book_refunds(attempt_id, patient=False) > 0
    except StripeError as error:
        logger.warning("attempt %s: Stripe did not tell its refunds: %s", attempt_id, error)
        return False
