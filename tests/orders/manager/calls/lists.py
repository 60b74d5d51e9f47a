"""What stands on a list of calls, and what puts it there."""

from __future__ import annotations

from django.contrib.auth.models import User

from marche.common.actors import Actor
from marche.outbox.models import Message
from orders.actions.strike_lines import strike_lines
from orders.manager.presenters.calls import CallList
from orders.models import Pickup, StrikeReason

STORM = "Vent violent"


def keys(calls: CallList) -> list[str]:
    return [fact.key for one in calls.waiting for fact in one.facts]


def message(kind: str) -> Message:
    return Message.objects.filter(kind=kind).latest("pk")


def struck(pickup: Pickup, user: User) -> None:
    part = pickup.parts.get()
    lines = list(part.details.values_list("pk", flat=True))
    strike_lines(part.pk, lines=lines, why=StrikeReason.SHORTAGE, reason="Gel", by=Actor.manager(user))
