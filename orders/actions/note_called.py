"""A manager has told somebody by telephone what no mail could tell."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from marche.common.actors import Actor
from orders.calls import facts_of
from orders.locks import lock_calls
from orders.models import Call


def note_called(day_id: int, *, keys: Collection[str], by: Actor) -> int:
    """Note that somebody was called about these facts of a day, by their keys, as they stood on the list.

    What came up since is not noted: nobody has told it. Returns how many were noted; noting twice is the same as once,
    and the first caller stays.
    """
    with transaction.atomic(durable=True):
        seen = [fact.call for fact in facts_of([day_id]) if fact.key in keys]
        Call.objects.bulk_create([call for call in seen if call.pk is None], ignore_conflicts=True)
        waiting = [call for call in lock_calls(day_id, {call.key for call in seen}) if call.called_at is None]
        now = timezone.now()
        for call in waiting:
            call.called_at, call.called_by = now, by.user
        Call.objects.bulk_update(waiting, ["called_at", "called_by"])
    return len(waiting)
