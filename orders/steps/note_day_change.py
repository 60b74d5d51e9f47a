"""Record the change of a market day that people knew, and tell everybody concerned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from marche.common.actors import Actor
from marche.outbox.actions.queue import queue_many
from marche.outbox.models import Message
from orders.mail_kinds import Mail
from orders.models import DayChange, Pickup
from orders.models.day_changes import known_of
from orders.steps.tell import list_calls, producers_of, tell_producers

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from marche.markets.models import MarketDay
    from producers.models import Producer


def note_day_change(
    day: MarketDay, before: dict[str, str], *, reason: str, by: Actor, reopened: bool = False
) -> DayChange:
    """Note what has changed of a locked and written day since `before` (see `known_of`), and tell whom it concerns."""
    change = DayChange.objects.create(
        day=day,
        at=timezone.now(),
        user=by.user,
        reason=reason,
        before=before,
        after=known_of(day),
        reopened=reopened,
    )
    kind, residents = Mail.DAY_CHANGED, residents_of(day)
    queue_many(
        Message(kind=kind, subject_id=one.pk, recipient=one.email, revision=change.pk, language=one.language)
        for one in residents.exclude(email="")
    )
    list_calls(day.pk, residents.filter(email="").values_list("pk", flat=True), kind, revision=change.pk)
    tell_producers(day, Mail.DAY_CHANGED_PRODUCER, revision=change.pk)
    return change


@dataclass(frozen=True)
class Concerned:
    """Whom a change of a day concerns: orders that get a mail, those to telephone, and producers."""

    by_mail: int
    to_call: list[Pickup]
    producers: list[Producer]

    @property
    def residents(self) -> int:
        return self.by_mail + len(self.to_call)


def concerned_by(day: MarketDay) -> Concerned:
    """Who is told when this day changes. Three queries."""
    residents = residents_of(day)
    to_call = residents.filter(email="").select_related("slot")
    producers = producers_of(day).select_related("partner")
    return Concerned(residents.exclude(email="").count(), list(to_call), list(producers))


def residents_of(day: MarketDay) -> QuerySet[Pickup]:
    """The orders of a day that stand, by number."""
    return Pickup.objects.not_cancelled().filter(day=day).order_by("number")
