"""Market days in one line each: whether each is under control."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum

from marche.markets.models import MarketDay, Slot, Stall
from marche.outbox.models import Message
from orders.mail_kinds import Mail
from orders.manager.presenters.alerts import Alert, alerts_of
from orders.manager.presenters.calls import call_lists
from orders.manager.presenters.messages import count_failed
from orders.models import OscarComparison, Summary
from producers.models import Listing


@dataclass
class DayLine:
    """One day. `ready` counts the producers with something on sale among the `stalls` who have a place."""

    day: MarketDay
    stalls: int = 0
    ready: int = 0
    places: int = 0
    taken: int = 0
    full_slots: int = 0
    slots: int = 0
    summaries: int = 0
    sent: int = 0
    acknowledged: int = 0
    failed: int = 0
    to_call: int = 0
    disagreeing: int = 0

    @property
    def alerts(self) -> list[Alert]:
        return alerts_of(
            self.day,
            failed=self.failed,
            to_call=self.to_call,
            disagreeing=self.disagreeing,
            without_offer=self.stalls - self.ready,
            unacknowledged=self.summaries - self.acknowledged,
        )

    @property
    def is_urgent(self) -> bool:
        return any(alert.kind == "bad" for alert in self.alerts)


def lines_of(days: Iterable[MarketDay]) -> list[DayLine]:
    """One line for each of these days (with their markets): eight queries, two more where mails failed."""
    lines = {day.pk: DayLine(day) for day in days}
    _count_slots(lines)
    _count_stalls(lines)
    _count_offers(lines)
    _count_summaries(lines)
    for pk, count in count_failed(lines).items():
        lines[pk].failed += count
    for pk, calls in call_lists(lines).items():
        lines[pk].to_call = len(calls.waiting)
    _count_disagreeing(lines)
    return list(lines.values())


def _count_slots(lines: dict[int, DayLine]) -> None:
    full = Count("pk", filter=Q(reserved__gte=F("capacity")))
    rows = Slot.objects.filter(day__in=lines).order_by().values_list("day")
    for pk, slots, places, taken, full_slots in rows.annotate(Count("pk"), Sum("capacity"), Sum("reserved"), full=full):
        line = lines[pk]
        line.slots, line.places, line.taken, line.full_slots = slots, places, taken, full_slots


def _count_stalls(lines: dict[int, DayLine]) -> None:
    markets = {line.day.market_id for line in lines.values()}
    stalls = Stall.objects.filter(market__in=markets, partner__producer__isnull=False).order_by()
    counts = dict(stalls.values_list("market").annotate(Count("pk")))
    for line in lines.values():
        line.stalls = counts.get(line.day.market_id, 0)


def _count_offers(lines: dict[int, DayLine]) -> None:
    on_sale = Listing.objects.filter(day__in=lines, on=True, producer__partner__stalls__market=F("day__market"))
    for pk, count in on_sale.order_by().values_list("day").annotate(Count("producer", distinct=True)):
        lines[pk].ready = count


def _count_summaries(lines: dict[int, DayLine]) -> None:
    """The last revision for each producer, and what became of its message."""
    message = Message.objects.filter(kind=Mail.SUMMARY, subject_id=OuterRef("pk")).order_by("-pk")
    latest = Summary.objects.filter(day__in=lines).latest_of_each_producer()
    rows = latest.annotate(state=Subquery(message.values("state")[:1]))
    for pk, acknowledged_at, state in rows.values_list("day", "acknowledged_at", "state"):
        line = lines[pk]
        line.summaries += 1
        line.acknowledged += acknowledged_at is not None
        line.sent += state == Message.State.SENT
        line.failed += state == Message.State.FAILED and acknowledged_at is None


def _count_disagreeing(lines: dict[int, DayLine]) -> None:
    """Orders that Oscar's tables kept otherwise than ours last night. Two numbers of one order are one order."""
    last = OscarComparison.objects.first()
    for order, day in {(row["order"], row["day"]) for row in (last.differences if last else [])}:
        if order and day in lines:
            lines[day].disagreeing += 1
