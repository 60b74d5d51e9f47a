"""A producer notes what was paid at the stall, before or after the goods."""

from __future__ import annotations

from django.db import transaction

from marche.common.actors import Actor
from orders.locks import lock_part
from orders.presenters.paying import Payment
from orders.steps.hand_over import Noted, note_payment, require_noting_time


def take_payment(part_id: int, *, payment: Payment, by: Actor) -> Noted:
    """Note the payment of a part. Returns the part, and whether this call changed anything.

    Raises Refused as `hand_over` does, and ProducerOrder.DoesNotExist.
    """
    with transaction.atomic(durable=True):
        part = lock_part(part_id)
        require_noting_time(part)
        is_new = note_payment(part, payment, by)
    return Noted(part, is_new)
