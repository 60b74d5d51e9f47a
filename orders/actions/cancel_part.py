"""A manager cancels what one producer was to prepare of an order; the rest stands."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from marche.common.actors import Actor
from marche.common.refusals import Problem, Refused
from orders.locks import lock_part
from orders.models import ProducerOrder
from orders.steps.cancel import cancel_locked, cancel_locked_parts


def cancel_part(part_id: int, *, reason: str, by: Actor) -> ProducerOrder:
    """Cancel a part, at any time before it was handed over; with the last part of an order the order is cancelled.

    What was paid for it by card is voided or refunded. `reason` (at most 200 characters) is told to the resident and
    printed on the producer's summary: it names nobody. Cancelling twice is the same as once. Raises Refused when a
    stall has noted something of it, and ProducerOrder.DoesNotExist.
    """
    with transaction.atomic(durable=True):
        part = lock_part(part_id)
        pickup = part.pickup
        if part.cancelled_at:
            return part
        if part.handed_over_at or part.paid_at:
            sentence = _("The stall has noted this part as collected: take off the lines that are to be given back.")
            raise Refused(Problem("collected", sentence))
        if not pickup.parts.not_cancelled().exclude(pk=part.pk).exists():
            cancel_locked(pickup, reason=reason, by=by)
            return part
        cancel_locked_parts(pickup, [part], reason=reason, by=by)
    return part
