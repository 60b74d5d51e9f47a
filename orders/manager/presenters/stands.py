"""The producers of one market day: what each offers, what was ordered from it, and what became of its summary."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from marche.markets.models import MarketDay, Stall
from marche.outbox.models import Message
from orders.mail_kinds import Mail
from orders.models import ProducerOrder, Summary
from producers.models import Listing, Producer

NOTHING = (0, 0, 0, 0)  # orders, cents owed, parts handed over, cents taken


class SummaryStage(StrEnum):
    """Where the last revision of a producer's summary is."""

    NONE = "none"
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    ACKNOWLEDGED = "acknowledged"


@dataclass
class Stand:
    """One producer on one day. `total_cents`: what is owed for its `orders`, with tax (see owed.py).

    `handed_over` of its `orders`; `taken_cents`: what was noted as paid.
    """

    producer: Producer
    stall_number: int | None
    listed: int = 0
    orders: int = 0
    total_cents: int = 0
    handed_over: int = 0
    taken_cents: int = 0
    summary: Summary | None = None
    message: Message | None = None

    @property
    def stage(self) -> SummaryStage:
        if self.summary is None:
            return SummaryStage.NONE
        if self.summary.acknowledged_at:
            return SummaryStage.ACKNOWLEDGED
        return SummaryStage(self.message.state) if self.message else SummaryStage.WAITING

    @property
    def since(self) -> dt.datetime | None:
        """When the last revision came to this stage, where that is known."""
        if self.summary and self.summary.acknowledged_at:
            return self.summary.acknowledged_at
        return self.message.sent_at if self.message else None


def stands_of(day: MarketDay) -> list[Stand]:
    """The producers with a stall, an offer or an order on this day, by stall. Six queries."""
    numbers = Stall.objects.numbers(day.market_id)
    listed = dict(_by_producer(Listing.objects.filter(day=day, on=True)).annotate(Count("pk")))
    parts = _by_producer(ProducerOrder.objects.filter(day=day).not_cancelled().with_owed()).annotate(
        Count("pk"), Sum("due_cents"), Count("handed_over_at"), taken=Coalesce(Sum("paid_cents"), 0)
    )
    ordered: dict[int, tuple[int, int, int, int]] = {row[0]: row[1:] for row in parts}
    summaries = {s.producer_id: s for s in _latest(day)}
    known = Q(partner__in=numbers) | Q(pk__in={*listed, *ordered, *summaries})
    producers = Producer.objects.filter(known).select_related("partner")
    messages = _messages(summaries)
    stands = [
        Stand(
            producer,
            numbers.get(producer.partner_id),
            listed.get(producer.pk, 0),
            *ordered.get(producer.pk, NOTHING),
            summary=(summary := summaries.get(producer.pk)),
            message=messages.get(summary.pk) if summary else None,
        )
        for producer in producers
    ]
    return sorted(stands, key=lambda stand: (stand.stall_number is None, stand.stall_number or 0))


def _by_producer(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    return rows.order_by().values_list("producer")


def _latest(day: MarketDay) -> list[Summary]:
    """Without what they say, which is long."""
    return list(Summary.objects.filter(day=day).latest_of_each_producer().defer("data", "changes"))


def _messages(summaries: dict[int, Summary]) -> dict[int, Message]:
    ids = [summary.pk for summary in summaries.values()]
    return {message.subject_id: message for message in Message.objects.about(Mail.SUMMARY, ids).order_by("pk")}
