"""May an order still be cancelled, and by whom: one answer for the verb, the pages and the mails."""

from __future__ import annotations

from django.utils import timezone

from marche.common.actors import Role
from orders.models import Pickup


def may_be_cancelled(pickup: Pickup, role: str) -> bool:
    """Whether somebody in this role may cancel an order, as far as time goes: once, and until it is too late.

    Whether a stall has handed something over already is not asked here: see `cancel_order`.
    """
    return not pickup.is_cancelled and not is_too_late(pickup, role)


def is_too_late(pickup: Pickup, role: str) -> bool:
    """A resident cancels until the cutoff, or while the order waits for its card; a manager until the market ends.

    What is paid by card can be given back by a manager at any time; else nobody comes after the market's end. One query
    for a manager after that.
    """
    if role == Role.RESIDENT:
        return not pickup.is_pending and not pickup.day.is_before_cutoff()
    return timezone.now() >= pickup.day.ends_at and not pickup.parts.filter(online=True).exists()
