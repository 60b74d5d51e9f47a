"""A producer notes what was paid at the stall, before or after the goods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from orders.locks import lock_part
from orders.models import ProducerOrder
from orders.presenters.paying import Payment
from orders.steps.hand_over import note_payment, require_noting_time

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def take_payment(part_id: int, payment: Payment, *, user: User) -> tuple[ProducerOrder, bool]:
    """Note the payment of a part. Returns the part, and whether this call changed anything.

    Raises Refused as `hand_over` does, and ProducerOrder.DoesNotExist.
    """
    with transaction.atomic(durable=True):
        part = lock_part(part_id)
        require_noting_time(part)
        is_new = note_payment(part, payment, user)
    return part, is_new
