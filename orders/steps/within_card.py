"""What the card that pays a part can still pay: until when, how much, and what follows when it can pay nothing."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from marche.common.actors import Role
from marche.common.refusals import Problem, Refused
from marche.common.wording import euros
from marche.outbox.actions.queue import queue
from marche.payments.capture_or_refund import SMALLEST_CENTS
from marche.payments.deadlines import capture_time
from marche.payments.models import Instruction, Movement, PaymentAttempt
from orders import owed
from orders.mail_kinds import Mail
from orders.models import OrderChange

if TYPE_CHECKING:
    from orders.models import ProducerOrder

UNDECIDED_OR_DONE = (Instruction.State.WAITING, Instruction.State.REFUSED, Instruction.State.DONE)


def correctable_until(part: ProducerOrder) -> dt.datetime | None:
    """Until when what a part comes to can be corrected up and down; None for one paid at the stall, or charged."""
    if not part.online or part.cancelled_at or is_charged(part):
        return None
    attempt = PaymentAttempt.objects.filter(order=part.pickup_id, state=PaymentAttempt.State.AUTHORISED).last()
    return capture_time(part.pickup.day, attempt.capture_before) if attempt else None


def is_charged(part: ProducerOrder) -> bool:
    """Whether the payment of a part was captured or voided, or is being so: nothing is authorised for it any more."""
    if not part.online:
        return False
    live = Instruction.objects.filter(attempt__order=part.pickup_id, state__in=UNDECIDED_OR_DONE)
    return live.filter(kind__in=[Instruction.Kind.CAPTURE, Instruction.Kind.VOID]).exists()


def keep_within_card(part: ProducerOrder) -> bool:
    """Keep a locked part that was prepared anew within what its card can still pay; the card is asked once.

    Raises Refused when more would be due than was authorised for it, or than was captured or is being so. When the
    payment was voided, because nothing was left to pay, what is due again is paid at the stall: then it returns True,
    and the producer must be told.
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
        captured = Movement.objects.from_residents().counted(and_waiting=True).sums([share.pk]).get(share.pk, 0)
        if charge > max(captured, share.due_cents):  # less may have been captured, by hand, than was due
            sentence = _("The card has been charged %(amount)s for this already: it can only become less.")
            raise Refused(Problem("charged", sentence % {"amount": euros(captured)}))
    authorised = share.authorised_cents if share else 0
    if charge > authorised:  # what had been taken off when the resident paid
        sentence = _("The card holds %(amount)s for this: what was taken off before it was paid stays off.")
        raise Refused(Problem("held", sentence % {"amount": euros(authorised)}))
    return False


def _pay_at_the_stall(part: ProducerOrder) -> None:
    pickup = part.pickup
    part.online = False
    part.save(update_fields=["online"])
    OrderChange.objects.create(
        pickup=pickup, part=part, kind=OrderChange.Kind.AT_STALL, at=timezone.now(), actor=Role.SYSTEM,
        reason=_("The card had been let go, for nothing was left to pay"),
    )  # fmt: skip
    if pickup.email:
        queue(Mail.AT_STALL, pickup.pk, pickup.email, revision=part.pk, language=pickup.language)
