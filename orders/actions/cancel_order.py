"""An order is cancelled: stock, slot and the day's place go back, and whoever must know is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.locks import lock_pickup
from orders.models import Actor, Pickup
from orders.refusals import Problem, Refused
from orders.steps.cancel import cancel_locked

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def cancel_order(pickup_id: int, *, actor: str, reason: str, user: User | None = None) -> Pickup:
    """Cancel an order: by its resident until the cutoff, by a manager until the market ends, or later if it is paid.

    `reason` (at most 200 characters) is printed on the producers' summaries and told to the resident: it names nobody.
    Cancelling twice is the same as once: the first reason stays. What was paid by card is released or refunded, see
    settling.py. Raises Refused when it is too late or a stall has handed something over, and Pickup.DoesNotExist.
    """
    with transaction.atomic(durable=True):
        pickup = lock_pickup(pickup_id)
        if pickup.is_cancelled:
            return pickup
        if is_too_late(pickup, actor):
            raise Refused(Problem("too-late", _("It is too late to cancel this order.")))
        if pickup.parts.collected().exists():
            sentence = _("A stall has noted what it handed over or was paid: this order can’t be cancelled any more.")
            raise Refused(Problem("collected", sentence))
        cancel_locked(pickup, actor=actor, reason=reason, user=user)
    return pickup


def is_too_late(pickup: Pickup, actor: str) -> bool:
    """Money that was taken by card can be given back at any time; else nobody comes after the market's end."""
    if actor == Actor.RESIDENT:
        return not pickup.is_pending and not pickup.day.is_before_cutoff()
    return timezone.now() >= pickup.day.ends_at and not pickup.parts.filter(online=True).exists()
