"""The tasks of a producer for each market day, computed with a fixed number of queries.

What residents ordered and the summaries made of it belong to the app above this one; they are reached here by the names
of their relations only, as the database knows them.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils import timezone

from marche.markets.models import MarketDay, Phase, Stall
from producers.models import Producer

REMEMBERED = dt.timedelta(days=7)  # how long a day that is over stays on the board
BEFORE_ORDERS = (Phase.UPCOMING, Phase.PENDING, Phase.SUSPENDED)  # the offer is prepared, and nobody orders yet


class Todo(StrEnum):
    """What is to do for a day, or what has become of it."""

    OFFER = "offer"  # nothing on sale yet, orders not open yet
    OFFER_LATE = "offer-late"  # nothing on sale, orders open
    READY = "ready"  # on sale, orders not open yet
    SELLING = "selling"
    NOTHING_ORDERED = "nothing-ordered"
    SUMMARY_COMING = "summary-coming"
    ACKNOWLEDGE = "acknowledge"
    PREPARE = "prepare"
    AT_STALL = "at-stall"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass
class DayCard:
    """One day of one producer. `total_cents`: what is owed for its orders as far as one knows, with tax."""

    day: MarketDay
    producer: Producer
    stall_number: int
    listed: int = 0
    orders: int = 0
    total_cents: int = 0
    handed_over: int = 0
    summary_token: str = ""
    acknowledged: bool = False

    @property
    def todo(self) -> Todo:
        phase = self.day.phase()
        if phase is Phase.CANCELLED:
            return Todo.CANCELLED
        if phase in BEFORE_ORDERS:
            return Todo.READY if self.listed else Todo.OFFER
        if phase is Phase.OPEN:
            return Todo.SELLING if self.listed else Todo.OFFER_LATE
        if phase is Phase.OVER:
            return Todo.DONE
        if self.orders and self.day.is_noting_time():
            return Todo.AT_STALL
        return self._todo_after_the_cutoff()

    def _todo_after_the_cutoff(self) -> Todo:
        if not self.summary_token:
            return Todo.SUMMARY_COMING if self.orders else Todo.NOTHING_ORDERED
        return Todo.PREPARE if self.acknowledged else Todo.ACKNOWLEDGE

    @property
    def is_urgent(self) -> bool:
        return self.todo in (Todo.OFFER, Todo.OFFER_LATE, Todo.ACKNOWLEDGE, Todo.AT_STALL)

    @property
    def is_of_no_interest(self) -> bool:
        """Over, and the producer was not there."""
        return self.todo is Todo.DONE and not (self.listed or self.orders)

    @property
    def has_stall(self) -> bool:
        """Whether what is handed over can be noted, or put right."""
        return bool(self.orders) and self.todo is not Todo.CANCELLED and self.day.is_noting_time()

    @property
    def has_preparation(self) -> bool:
        """Whether orders are closed and can be weighed and set aside, until nothing is noted of the day any more."""
        is_time = self.day.phase() in (Phase.CLOSED, Phase.ON) or self.day.is_noting_time()
        return bool(self.orders) and self.todo is not Todo.CANCELLED and is_time

    @property
    def summary_url(self) -> str:
        return reverse("summary", args=[self.summary_token]) if self.summary_token else ""


@dataclass
class ProducerBoard:
    """A producer's days: those to look at now (urgent ones first, those that are over last) and later ones."""

    producer: Producer
    now: list[DayCard] = field(default_factory=list)
    later: list[DayCard] = field(default_factory=list)


def boards(producers: Sequence[Producer]) -> list[ProducerBoard]:
    """One board for each producer, in five queries whatever the number of producers, days or orders."""
    cards = _cards(producers)
    _count_listings(producers, cards)
    _count_orders(producers, cards)
    _find_summaries(producers, cards)
    made = {producer.pk: ProducerBoard(producer) for producer in producers}
    with_upcoming: set[tuple[int, int]] = set()
    for card in cards.values():
        board, market = made[card.producer.pk], (card.producer.pk, card.day.market_id)
        is_later = card.day.phase() in BEFORE_ORDERS and market in with_upcoming
        if card.day.phase() in BEFORE_ORDERS:
            with_upcoming.add(market)
        if not card.is_of_no_interest:
            (board.later if is_later else board.now).append(card)
    for board in made.values():
        board.now.sort(key=lambda card: (not card.is_urgent, card.todo is Todo.DONE))
    return list(made.values())


Cards = dict[tuple[int, int], DayCard]  # by producer and day


def _cards(producers: Sequence[Producer]) -> Cards:
    since = timezone.now() - REMEMBERED
    partners = {producer.partner_id: producer for producer in producers}
    by_market: dict[int, list[Stall]] = defaultdict(list)
    for stall in Stall.objects.filter(partner__in=partners, market__active=True):
        by_market[stall.market_id].append(stall)
    days = MarketDay.objects.filter(market__in=by_market, ends_at__gt=since).select_related("market")
    return {
        (partners[stall.partner_id].pk, day.pk): DayCard(day, partners[stall.partner_id], stall.number)
        for day in days.order_by("starts_at", "pk")
        for stall in by_market[day.market_id]
    }


def _count_listings(producers: Sequence[Producer], cards: Cards) -> None:
    rows = Producer.objects.filter(pk__in=_pks(producers), listings__on=True, listings__day__in=_days(cards))
    for pk, day, count in rows.values_list("pk", "listings__day").annotate(Count("listings")).order_by():
        _set(cards, (pk, day), listed=count)


def _count_orders(producers: Sequence[Producer], cards: Cards) -> None:
    parts: Any = Producer._meta.get_field("orders").related_model
    rows = parts.objects.filter(producer__in=_pks(producers), day__in=_days(cards)).not_cancelled().with_owed()
    sums = rows.order_by().values_list("producer", "day").annotate(
        Count("pk"), Sum("due_cents"), given=Count("handed_over_at")
    )  # fmt: skip
    for pk, day, count, total, given in sums:
        _set(cards, (pk, day), orders=count, total_cents=total, handed_over=given)


def _find_summaries(producers: Sequence[Producer], cards: Cards) -> None:
    """The last revision of each summary."""
    rows = Producer.objects.filter(pk__in=_pks(producers), summaries__day__in=_days(cards)).order_by(
        "summaries__revision"
    )
    for pk, day, token, at in rows.values_list(
        "pk", "summaries__day", "summaries__token", "summaries__acknowledged_at"
    ):
        _set(cards, (pk, day), summary_token=token, acknowledged=at is not None)


def _pks(producers: Sequence[Producer]) -> list[int]:
    return [producer.pk for producer in producers]


def _days(cards: Cards) -> set[int]:
    return {day for _producer, day in cards}


def _set(cards: Cards, key: tuple[int, int], **values: object) -> None:
    """Past the stall's leave, a producer may have orders on a day that is not on its board."""
    if card := cards.get(key):
        for name, value in values.items():
            setattr(card, name, value)
