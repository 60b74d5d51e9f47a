"""Summaries are queued, at the closing and whenever an order or the day has changed after it."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings

from marche.markets.models import MarketDay
from marche.outbox.actions.queue import queue_many
from marche.outbox.models import Message
from orders.mail_kinds import Mail
from orders.models import Summary
from orders.steps.revisions import next_summaries


def revise_summaries(day: MarketDay, producer_ids: Iterable[int], reason: str) -> list[Summary]:
    """Make and queue the next revision for each of these producers, and return what was made.

    To be called inside the transaction of the late change, after it is written, with the day locked by `lock_day`.
    A producer with no summary yet gets its first; one with nothing left is told so; one for whom nothing changed gets
    nothing. Before the day is closed there is nothing to revise: the closing will see the change. `reason` is printed
    on the summary, and must name nobody.
    """
    if day.closed_at is None:
        return []
    made = Summary.objects.bulk_create(next_summaries(day, set(producer_ids), reason=reason))
    queue_summaries(made)
    return made


def queue_summaries(summaries: list[Summary]) -> None:
    """Queue one message for each saved summary."""
    queue_many(
        Message(
            kind=Mail.SUMMARY,
            subject_id=summary.pk,
            recipient=summary.producer.email,
            revision=summary.revision,
            language=settings.LANGUAGE_CODE,
        )
        for summary in summaries
    )
