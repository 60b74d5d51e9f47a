"""Bring a payment by card in line with what its order owes now: whatever has changed, one comparison follows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from marche.common.language import in_town_language
from marche.outbox.actions.queue import enqueue_task
from marche.payments.capture_or_refund import capture_or_refund
from marche.payments.deadlines import capture_time
from marche.payments.locks import lock_live_attempt
from marche.payments.models import Instruction, PaymentAttempt
from marche.payments.payable import payable
from marche.payments.transfer_or_reverse import reverse_shares

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model

    from marche.payments.payable import PartCharge


def adjust_payment(order: Model, reason: str) -> None:
    """Write what must be asked of Stripe after what this order owes has changed; nothing for one paid at the stalls.

    To be called inside the transaction of the change, after it is written, with the order as `payable().lock` locks it.
    `reason` (at most 200 characters) is what the resident reads beside a refund. Doing it again writes nothing more.
    """
    attempt = lock_live_attempt(order.pk)
    if attempt is None:
        return
    parts = payable().charges(order)
    due = {part.producer_id: part.cents for part in parts if part.cents is not None}
    is_time = timezone.now() >= capture_time(payable().day(order), attempt.capture_before)
    written = capture_or_refund(attempt, due, capture=is_time, reason=reason)
    _note_earned(attempt, parts)
    written += reverse_shares(attempt)
    enqueue_all(written)


def less_was_due() -> str:
    """The reason of a refund that nobody's deed has caused."""
    with in_town_language():
        return _("Less was due than had been taken")


def enqueue_all(instructions: Iterable[Instruction]) -> None:
    """Have these carried out as soon as the transaction commits; the sweep of the next minute does what is left."""
    for instruction in instructions:
        if instruction.state == Instruction.State.WAITING:
            transaction.on_commit(partial(enqueue_task, "marche.payments.tasks.carry_out", instruction.pk))


def _note_earned(attempt: PaymentAttempt, parts: Iterable[PartCharge]) -> None:
    """A share is its producer's once the goods are handed over, and no more if that is taken back."""
    handed_over = {part.producer_id: part.handed_over_at for part in parts}
    for share in attempt.shares.all():
        at = handed_over.get(share.producer_id)
        if share.earned_at != at:
            share.earned_at = at
            share.save(update_fields=["earned_at"])
