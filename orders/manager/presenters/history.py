"""What happened to an order: who, when, why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from marche.common.actors import Role
from marche.common.wording import euros
from marche.payments.models import Dispute
from orders.models import OrderChange, Pickup

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True)
class Event:
    at: dt.datetime
    sentence: str


def history_of(pickup: Pickup) -> list[Event]:
    """From the placing on. Two queries, and one for who placed it at the desk."""
    placed = _("ordered on the site")
    if pickup.channel == Pickup.Channel.DESK:
        placed = _("ordered at the desk (%(person)s)") % {"person": _name(pickup.placed_by)}
    changes = pickup.changes.select_related("user", "part__producer__partner")
    happened = [Event(change.at, _in_words(change)) for change in changes]
    happened += [event for dispute in _disputes(pickup) for event in _of_dispute(dispute)]
    return [Event(pickup.placed_at, placed), *sorted(happened, key=lambda event: event.at)]


def _disputes(pickup: Pickup) -> Iterable[Dispute]:
    return Dispute.objects.filter(attempt__order=pickup.pk)


def _of_dispute(dispute: Dispute) -> Iterable[Event]:
    """What a resident contests with its bank, and how that was decided."""
    words = {"amount": euros(dispute.cents), "reason": dispute.reason_words}
    contested = _("the resident contests %(amount)s with its bank (%(reason)s)")
    yield Event(dispute.opened_at, contested % words)
    if dispute.closed_at and dispute.is_won:
        yield Event(dispute.closed_at, _("dispute won: the %(amount)s stay paid") % words)
    elif dispute.closed_at:
        lost = _("dispute lost: the resident has the %(amount)s back, at the town’s cost")
        yield Event(dispute.closed_at, lost % words)


def _in_words(change: OrderChange) -> str:
    words = {"person": _name(change.user), "reason": change.reason}
    if change.part:
        words["producer"] = change.part.producer.name
        return {
            OrderChange.Kind.HANDED_OVER: _("%(producer)s: handed over (%(person)s). %(reason)s"),
            OrderChange.Kind.PAID: _("%(producer)s: paid %(reason)s, noted by %(person)s"),
            OrderChange.Kind.TAKEN_BACK: _("%(producer)s: taken back (%(person)s). Reason: %(reason)s"),
            OrderChange.Kind.PREPARED: _("%(producer)s: prepared (%(person)s): %(reason)s"),
            OrderChange.Kind.CANCELLED: _("%(producer)s: cancelled by a manager (%(person)s). Reason: %(reason)s"),
            OrderChange.Kind.AT_STALL: _("%(producer)s: to be paid at the stall. %(reason)s"),
            OrderChange.Kind.STRUCK: _("%(producer)s: taken off (%(person)s): %(reason)s"),
        }[OrderChange.Kind(change.kind)] % words
    if change.kind == OrderChange.Kind.AUTHORISED:
        return _("reserved on the card: %(reason)s") % words
    if change.kind == OrderChange.Kind.AT_STALL:
        return _("to be paid at the stalls: %(reason)s") % words
    if change.kind == OrderChange.Kind.CONTACT:
        return _corrected(change.actor) % words
    return _cancelled(change.actor) % words


def _cancelled(actor: str) -> str:
    if actor == Role.MANAGER:
        return _("cancelled by a manager (%(person)s). Reason: %(reason)s")
    return _("cancelled by the resident, with the ticket") if actor == Role.RESIDENT else _("cancelled: %(reason)s")


def _corrected(actor: str) -> str:
    """The sentence for a corrected contact; the reason names the fields."""
    if actor == Role.RESIDENT:
        return _("%(reason)s, with the ticket; the confirmation left again")
    return _("%(reason)s, by a manager (%(person)s)")


def _name(user: User | None) -> str:
    """The person's name, else the address with which it signs in, else a dash (the account is gone)."""
    return (user.get_full_name() or user.email) if user else "–"
