"""A manager has something asked of Stripe again that it refused."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from marche.outbox.actions.queue import hurry
from marche.payments.models import Instruction
from orders.following import lock_payment
from orders.settling import settle_order

State = Instruction.State


def retry_instruction(instruction_id: int) -> bool:
    """Give up a refused instruction, and work out afresh what is to be asked. Returns whether it was refused still.

    What is asked then may differ: it is what is owed now, under a new key. Transfers to producers are written by
    their own task, which is hurried. Raises Instruction.DoesNotExist.
    """
    attempt_id = Instruction.objects.values_list("attempt", flat=True).get(pk=instruction_id)
    with transaction.atomic(durable=True):
        pickup, _attempt = lock_payment(attempt_id)
        instruction = Instruction.objects.get(pk=instruction_id)
        if instruction.state != State.REFUSED:
            return False
        instruction.state = State.DROPPED
        instruction.save(update_fields=["state"])
        settle_order(pickup, instruction.reason)
        if instruction.kind == Instruction.Kind.TRANSFER:
            transaction.on_commit(partial(hurry, "orders.tasks.pay_producers"))
    return True
