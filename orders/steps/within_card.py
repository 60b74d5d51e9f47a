"""Bring what is taken by card in line with what an order owes now."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from marche.common.wording import euros
from marche.outbox.actions.queue import enqueue_task, queue
from marche.payments.locks import lock_live_attempt
from marche.payments.models import Instruction, Movement, PaymentAttempt
from marche.payments.pay_out import take_back_shares
from marche.payments.settle import SMALLEST_CENTS, settle
from orders import owed
from orders.deadlines import charged_at
from orders.mail_kinds import Mail
from orders.models import OrderChange
from orders.refusals import Problem, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orders.models import Pickup, ProducerOrder

UNDECIDED_OR_DONE = (Instruction.State.WAITING, Instruction.State.REFUSED, Instruction.State.DONE)


def settle_order(pickup: Pickup, reason: str) -> None:
    """Write what must be asked of Stripe after what this order owes has changed; nothing for one paid at the stalls.

    To be called inside the transaction of the change, after it is written, with the pickup locked by `lock_pickup`.
    `reason` (at most 200 characters) is what the resident reads beside a refund. Doing it again writes nothing more.
    """
    attempt = lock_live_attempt(pickup.pk)
    if attempt is None:
        return
    parts = {part.producer_id: part for part in pickup.parts.filter(online=True).prefetch_related("details")}
    alive = [part for part in parts.values() if part.cancelled_at is None]
    due = {part.producer_id: owed.charge_of(part) for part in alive}
    written = settle(attempt, due, capture=is_time(pickup, attempt), reason=reason)
    _release(attempt, parts)
    written += take_back_shares(attempt)
    enqueue_all(written)


def is_time(pickup: Pickup, attempt: PaymentAttempt) -> bool:
    """Whether the money is to be taken: what was noted can't be corrected any more."""
    return timezone.now() >= charged_at(pickup.day, attempt.capture_before)


def correctable_until(part: ProducerOrder) -> dt.datetime | None:
    """Until when what a part comes to can be corrected up and down; None for one paid at the stall, or charged."""
    if not part.online or part.cancelled_at or is_charged(part):
        return None
    attempt = PaymentAttempt.objects.filter(order=part.pickup_id, state=PaymentAttempt.State.AUTHORISED).last()
    return charged_at(part.pickup.day, attempt.capture_before) if attempt else None


def is_charged(part: ProducerOrder) -> bool:
    """Whether the card that pays a part was charged or let go, or is being so: what was held is held no more."""
    if not part.online:
        return False
    live = Instruction.objects.filter(attempt__order=part.pickup_id, state__in=UNDECIDED_OR_DONE)
    return live.filter(kind__in=[Instruction.Kind.CAPTURE, Instruction.Kind.VOID]).exists()


def hold_to_the_card(part: ProducerOrder) -> bool:
    """Keep a locked part that was prepared anew within what its card can still pay; the card is asked once.

    Raises Refused when more would be due than the card holds for it, was taken, or is being taken. When the card was
    let go, because nothing was left to pay, what is due again is paid at the stall: then it returns True, and the
    producer must be told.
    """
    attempt = PaymentAttempt.objects.filter(order=part.pickup_id).last()
    if attempt is None:
        return False
    share, charge = attempt.shares.filter(producer=part.producer_id).first(), owed.charge_of(part)
    asked = attempt.instructions.filter(state__in=UNDECIDED_OR_DONE)
    if asked.filter(kind=Instruction.Kind.VOID).exists() and charge >= SMALLEST_CENTS:
        _pay_at_the_stall(part)
        return True
    if share and asked.filter(kind=Instruction.Kind.CAPTURE).exists():
        taken = Movement.objects.from_residents().counted(and_waiting=True).sums([share.pk]).get(share.pk, 0)
        if charge > max(taken, share.due_cents):  # less may have been taken, by hand, than was due
            sentence = _("The card has been charged %(amount)s for this already: it can only become less.")
            raise Refused(Problem("charged", sentence % {"amount": euros(taken)}))
    held = share.authorised_cents if share else 0
    if charge > held:  # what had been taken off when the resident paid
        sentence = _("The card holds %(amount)s for this: what was taken off before it was paid stays off.")
        raise Refused(Problem("held", sentence % {"amount": euros(held)}))
    return False


def _pay_at_the_stall(part: ProducerOrder) -> None:
    pickup = part.pickup
    part.online = False
    part.save(update_fields=["online"])
    OrderChange.objects.create(
        pickup=pickup, part=part, kind=OrderChange.Kind.AT_STALL, at=timezone.now(), actor="system",
        reason=_("The card had been let go, for nothing was left to pay"),
    )  # fmt: skip
    if pickup.email:
        queue(Mail.AT_STALL, pickup.pk, pickup.email, revision=part.pk, language=pickup.language)


def enqueue_all(instructions: Iterable[Instruction]) -> None:
    """Have these carried out as soon as the transaction commits; the sweep of the next minute does what is left."""
    for instruction in instructions:
        if instruction.state == Instruction.State.WAITING:
            transaction.on_commit(partial(enqueue_task, "orders.tasks.carry_out", instruction.pk))


def _release(attempt: PaymentAttempt, parts: dict[int, ProducerOrder]) -> None:
    """A share is its producer's once the goods are handed over, and no more if that is taken back."""
    for share in attempt.shares.all():
        part = parts.get(share.producer_id)
        at = part.handed_over_at if part else None
        if share.released_at != at:
            share.released_at = at
            share.save(update_fields=["released_at"])
