"""What happened to an order: who, when, why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from orders.actions.cancel_order import MANAGER
from orders.models import OrderChange, Pickup

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True)
class Event:
    at: dt.datetime
    sentence: str


def history_of(pickup: Pickup) -> list[Event]:
    """From the placing on. One query, and one for who placed it at the desk."""
    placed = _("ordered on the site")
    if pickup.channel == Pickup.Channel.DESK:
        placed = _("ordered at the desk (%(person)s)") % {"person": _name(pickup.placed_by)}
    changes = [Event(change.at, _in_words(change)) for change in pickup.changes.select_related("user")]
    return [Event(pickup.placed_at, placed), *changes]


def _in_words(change: OrderChange) -> str:
    if change.actor == MANAGER:
        words = {"person": _name(change.user), "reason": change.reason}
        return _("cancelled by a manager (%(person)s). Reason: %(reason)s") % words
    return _("cancelled by the resident, with the ticket")


def _name(user: User | None) -> str:
    """The person's name, else the address with which it signs in, else a dash (the account is gone)."""
    return (user.get_full_name() or user.email) if user else "–"
