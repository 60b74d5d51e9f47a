"""An order is cancelled: stock, slot and the day's place go back, and whoever must know is told."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from marche.common.actors import Actor
from marche.common.refusals import Problem, Refused
from orders.cancellable import is_too_late
from orders.locks import lock_pickup
from orders.models import Pickup
from orders.steps.cancel import cancel_locked


def cancel_order(pickup_id: int, *, reason: str, by: Actor) -> Pickup:
    """Cancel an order, while its resident or manager may: see orders/cancellable.py.

    `reason` (at most 200 characters) is printed on the producers' summaries and told to the resident: it names nobody.
    Cancelling twice is the same as once: the first reason stays. What was paid by card is voided or refunded, see
    payments/adjust.py. Raises Refused when it is too late or a stall has handed something over, and DoesNotExist.
    """
    with transaction.atomic(durable=True):
        pickup = lock_pickup(pickup_id)
        if pickup.is_cancelled:
            return pickup
        if is_too_late(pickup, by.role):
            raise Refused(Problem("too-late", _("It is too late to cancel this order.")))
        if pickup.parts.collected().exists():
            sentence = _("A stall has noted what it handed over or was paid: this order can’t be cancelled any more.")
            raise Refused(Problem("collected", sentence))
        cancel_locked(pickup, reason=reason, by=by)
    return pickup
