"""The next summary of each producer: what it must bring now, and what has changed since the last one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.utils import timezone

from marche.common.language import in_town_language
from marche.common.wording import NBSP, address_in_words, day_in_words, hour
from orders.models import Summary
from orders.presenters.summary import Data, SummaryRow, changes_between, compute, live_lines, producers_with_stalls

if TYPE_CHECKING:
    from marche.markets.models import MarketDay
    from producers.models import Producer


def next_summaries(
    day: MarketDay, producer_ids: Collection[int] | None, *, reason: str, anyway: bool = False
) -> list[Summary]:
    """The next revision, unsaved, of each of these producers, of all of the day for None; in the town's language.

    A producer with no summary yet gets its first; one with nothing left is told so; one for whom nothing has changed
    gets nothing, unless `anyway`: who was told that a new one comes gets it. As many queries for one as for all.
    """
    rows = live_lines(day, producer_ids)
    known = day.summaries.all() if producer_ids is None else day.summaries.filter(producer__in=producer_ids)
    latest = {summary.producer_id: summary for summary in known.latest_of_each_producer()}
    with in_town_language(), timezone.override(day.market.zone):
        made = [
            _next(day, producer, stall, rows.get(producer.pk, []), latest.get(producer.pk), reason, anyway=anyway)
            for producer, stall in producers_with_stalls(day, rows.keys() | latest.keys())
        ]
    return [summary for summary in made if summary]


def _next(
    day: MarketDay,
    producer: Producer,
    stall: int | None,
    rows: list[SummaryRow],
    last: Summary | None,
    reason: str,
    *,
    anyway: bool,
) -> Summary | None:
    """The revision after `last`; None when there is nothing to tell."""
    revision = last.revision + 1 if last else 1
    data = compute(day, producer, stall, rows, revision=revision, reason=reason)
    changes = _changes(last.data, data, anyway=anyway) if last else []
    if last and not changes:
        return None
    return Summary(day=day, producer=producer, revision=revision, data=data, changes=changes, made_at=timezone.now())


def _changes(before: Data, after: Data, *, anyway: bool) -> list[SummaryRow]:
    """First the hours or the place of the day ({what: "day"}), then lines and totals; {what: "same"} for nothing."""
    changes = _day_changes(before, after) + changes_between(before, after)
    return changes or ([_row("same")] if anyway else [])


def _day_changes(before: Data, after: Data) -> list[SummaryRow]:
    was, becomes = _day_words(before), _day_words(after)
    if was == becomes and _moments(before) == _moments(after):
        return []
    return [_row("day", was, becomes)]


def _row(what: str, before_words: str = "", after_words: str = "") -> SummaryRow:
    words = {"before_words": before_words, "after_words": after_words}
    return {"what": what, "title": "", "before": 1, "after": 1, **words}


def _moments(data: Data) -> tuple[dt.datetime, dt.datetime]:
    start, end = (dt.datetime.fromisoformat(data["day"][name]) for name in ("starts_at", "ends_at"))
    return start, end


def _day_words(data: Data) -> str:
    """ "samedi 28 novembre, 8 h – 12 h, place des Halles, 60000 Beauvais"."""
    start, end = _moments(data)
    market = data["market"]
    where = address_in_words(market["place"], market["street"], market["postcode"], market["town"])
    return ", ".join((day_in_words(start), f"{hour(start)}{NBSP}– {hour(end)}", where))
