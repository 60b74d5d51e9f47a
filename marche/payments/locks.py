"""Every row lock of this app; the order of all locks stands in marche/common/lock_order.py.

An attempt comes after its order's pickup and before listings; several attempts by primary key. An instruction is locked
alone, only while it is claimed; a producer's account is locked alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from marche.payments.models import Account, Instruction, PaymentAttempt
from marche.payments.payable import payable

LEASE = dt.timedelta(minutes=3)  # more than the calls of one instruction take, with all their timeouts and retries


def lock_payment(attempt_id: int) -> tuple[Any, PaymentAttempt]:
    """Lock the order of an attempt, then the attempt, until the transaction ends. Raises DoesNotExist."""
    order_id = PaymentAttempt.objects.values_list("order", flat=True).get(pk=attempt_id)
    return payable().lock(order_id), lock_attempt(attempt_id)


def lock_attempt(attempt_id: int) -> PaymentAttempt:
    """Lock this attempt until the transaction ends. Raises PaymentAttempt.DoesNotExist."""
    return (
        PaymentAttempt.objects.select_for_update(no_key=True, of=("self",)).select_related("order").get(pk=attempt_id)
    )


def lock_live_attempt(order_id: int) -> PaymentAttempt | None:
    """Lock the attempt of an order that waits to be paid or was, if there is one."""
    rows = PaymentAttempt.objects.live().filter(order=order_id).select_related("order")
    return rows.select_for_update(no_key=True, of=("self",)).first()


def lock_attempts(ids: Iterable[int]) -> list[PaymentAttempt]:
    """Lock these attempts, by primary key, until the transaction ends."""
    rows = PaymentAttempt.objects.filter(pk__in=set(ids)).select_related("order")
    return list(rows.order_by("pk").select_for_update(no_key=True, of=("self",)))


def claim_instruction(only: int | None = None) -> Instruction | None:
    """Take the instruction that waits longest and that nobody else carries out, for as long as a lease.

    To be called in a transaction that ends at once: whoever dies after it is followed by the next when the lease ends.
    """
    due = Instruction.objects.due().filter(**({"pk": only} if only else {}))
    instruction = due.order_by("pk").select_for_update(skip_locked=True, no_key=True).first()
    if instruction:
        instruction.tries += 1
        instruction.due_at = timezone.now() + LEASE
        instruction.save(update_fields=["tries", "due_at"])
    return instruction


def lock_account_row(account_id: int) -> Account:
    """Lock this account of a producer until the transaction ends. Raises Account.DoesNotExist."""
    return (
        Account.objects.select_for_update(no_key=True, of=("self",))
        .select_related("producer__partner")
        .get(pk=account_id)
    )
