"""After closing, an order was cancelled or added: the producers it touches get a summary that says what changed."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone, translation

from marche.markets.models import MarketDay
from orders.actions.close_day import send_summaries
from orders.models import Summary
from orders.summaries import Row, changes_between, compute, live_lines, producers_with_stalls
from producers.models import Producer


def revise_summaries(day: MarketDay, producer_ids: Iterable[int], reason: str) -> list[Summary]:
    """Make and queue the next revision for each of these producers, and return what was made.

    To be called inside the transaction of the late change, after it is written, with the day locked by `lock_day`.
    A producer with no summary yet gets its first; one with nothing left is told so; one for whom nothing changed gets
    nothing. Before the day is closed there is nothing to revise: the closing will see the change. `reason` is printed
    on the summary, and must name nobody.
    """
    if day.closed_at is None:
        return []
    ids = set(producer_ids)
    rows = live_lines(day, ids)
    latest = {s.producer_id: s for s in day.summaries.filter(producer__in=ids).latest_of_each_producer()}
    with translation.override(settings.LANGUAGE_CODE):
        made = [
            summary
            for producer, stall in producers_with_stalls(day, ids)
            if (summary := _next(day, producer, stall, rows.get(producer.pk, []), latest.get(producer.pk), reason))
        ]
    send_summaries(Summary.objects.bulk_create(made))
    return made


def _next(
    day: MarketDay, producer: Producer, stall: int | None, rows: list[Row], last: Summary | None, reason: str
) -> Summary | None:
    """The revision after `last`, unsaved; None when there is nothing to tell."""
    if last is None and not rows:
        return None
    revision = last.revision + 1 if last else 1
    data = compute(day, producer, stall, rows, revision=revision, reason=reason)
    changes = changes_between(last.data, data) if last else []
    if last and not changes:
        return None
    return Summary(day=day, producer=producer, revision=revision, data=data, changes=changes, made_at=timezone.now())
