"""What a producer sees at its stall on the day: its parts of the orders by slot, found by number, name or code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import groupby
from operator import attrgetter

from django.db.models import Prefetch
from django.utils import timezone

from marche.markets.models import MarketDay, Slot
from orders.control.orders import matching
from orders.models import LineDetail, ProducerOrder
from orders.querysets import ProducerOrderQuerySet
from producers.kinds import PaymentMeans
from producers.models import Producer
from producers.wording import quantity_words

_TICKET_LINK = re.compile(r"/billet/([0-9A-Za-z-]+)")


class Stage(StrEnum):
    """How far a part is at its stall."""

    TO_HAND_OVER = "to-hand-over"
    TO_PAY = "to-pay"  # handed over, nothing taken yet
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class StallOrder:
    """One part at its stall."""

    part: ProducerOrder

    @property
    def stage(self) -> Stage:
        if self.part.cancelled_at:
            return Stage.CANCELLED
        if not self.part.handed_over_at:
            return Stage.TO_HAND_OVER
        return Stage.DONE if self.part.paid_at or not self.due_cents else Stage.TO_PAY

    @cached_property
    def lines(self) -> list[tuple[LineDetail, str]]:
        """(the line, its quantity in words)."""
        return [(detail, quantity_words(detail, detail.quantity)) for detail in self.part.details.all()]

    @property
    def contents(self) -> str:
        """ "1,5 kg Carottes, 2 Laitues"."""
        return ", ".join(f"{words} {detail.title}" for detail, words in self.lines)

    @property
    def due_cents(self) -> int:
        """What is to be paid for what was not missing, with tax; the estimate for weighed pieces."""
        return sum(detail.amount_cents for detail, _words in self.lines if not detail.missing)

    @property
    def most_cents(self) -> int:
        return sum(detail.max_cents for detail, _words in self.lines if not detail.missing)


@dataclass(frozen=True)
class StallDay:
    """All orders of a stall that are not cancelled, in packing order."""

    orders: Sequence[StallOrder]

    def at(self, *stages: Stage) -> list[StallOrder]:
        return [order for order in self.orders if order.stage in stages]

    @property
    def handed_over(self) -> int:
        return len(self.at(Stage.TO_PAY, Stage.DONE))

    @property
    def taken_cents(self) -> int:
        return sum(order.part.paid_cents or 0 for order in self.orders)

    @property
    def due_cents(self) -> int:
        """Of what was handed over and is not paid."""
        return sum(order.due_cents for order in self.at(Stage.TO_PAY))

    @property
    def taken_by_means(self) -> list[tuple[PaymentMeans, int, int]]:
        """(means, how many, cents), of those that were used."""
        paid = [(PaymentMeans(o.part.paid_means), o.part.paid_cents or 0) for o in self.orders if o.part.paid_at]
        sums = [(means, [cents for by, cents in paid if by is means]) for means in PaymentMeans]
        return [(means, len(amounts), sum(amounts)) for means, amounts in sums if amounts]


def stall_day(producer: Producer, day: MarketDay) -> StallDay:
    """Read the whole day of a stall in two queries."""
    parts = _parts(producer, day).alive()
    return StallDay([StallOrder(part) for part in parts])


def by_slot(orders: Sequence[StallOrder]) -> list[tuple[Slot, bool, list[StallOrder]]]:
    """(slot, whether it is now, its orders), in the order of the clock."""
    now = timezone.now()
    slots = groupby(orders, key=attrgetter("part.pickup.slot"))
    return [(slot, slot.starts_at <= now < slot.ends_at, list(some)) for slot, some in slots]


def find(producer: Producer, day: MarketDay, query: str) -> list[StallOrder]:
    """The stall's orders that match a number, a part of a name, a code's beginning or a whole ticket's link.

    Cancelled ones too: whoever comes with one must be told. What others sell is never found here.
    """
    link = _TICKET_LINK.search(query)
    wanted = matching(day, link[1] if link else query.lower().removeprefix("n°"))
    return [StallOrder(part) for part in _parts(producer, day).filter(pickup__in=wanted.order_by())]


def order_at_stall(producer: Producer, day: MarketDay, number: int) -> StallOrder:
    """Raises ProducerOrder.DoesNotExist when the order holds nothing of this producer's."""
    return StallOrder(_parts(producer, day).get(pickup__number=number))


def _parts(producer: Producer, day: MarketDay) -> ProducerOrderQuerySet:
    details = Prefetch("details", LineDetail.objects.order_by("title", "pk"))
    parts = ProducerOrder.objects.of(producer).filter(day=day).select_related("pickup__slot", "producer__partner")
    return parts.prefetch_related(details).order_by("pickup__slot__starts_at", "pickup__number")
