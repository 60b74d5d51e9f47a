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
from orders import owed
from orders.finding import matching
from orders.models import LineDetail, ProducerOrder
from orders.presenters.paying import Paying, paying_of, paying_words, stall_sentence
from orders.presenters.wording import line_words
from orders.querysets import ProducerOrderQuerySet
from producers.kinds import PaymentMeans
from producers.models import Producer

_TICKET_LINK = re.compile(r"/billet/([0-9A-Za-z-]+)")


class StallStage(StrEnum):
    """How far a part is at its stall."""

    TO_HAND_OVER = "to-hand-over"
    TO_PAY = "to-pay"  # handed over, nothing taken yet
    DONE = "done"
    PENDING = "pending"  # the resident has not paid by card yet: nothing is confirmed
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class StallOrder:
    """One part at its stall."""

    part: ProducerOrder

    @property
    def stage(self) -> StallStage:
        if self.part.cancelled_at:
            return StallStage.CANCELLED
        if self.part.pickup.is_pending:
            return StallStage.PENDING
        if not self.part.handed_over_at:
            return StallStage.TO_HAND_OVER
        return StallStage.DONE if owed.is_paid(self.part, self.due_cents) else StallStage.TO_PAY

    @property
    def paying(self) -> Paying:
        return paying_of(self.part)

    @property
    def paying_words(self) -> str:
        return paying_words(self.paying, self.part.paid_means)

    @property
    def paying_sentence(self) -> str:
        """Of a part that is paid by card on the site."""
        return stall_sentence(self.paying)

    @cached_property
    def lines(self) -> list[tuple[LineDetail, str]]:
        """(the line, its quantity in words)."""
        return [(detail, line_words(detail)) for detail in self.part.details.all()]

    @property
    def lines_there(self) -> list[tuple[LineDetail, str]]:
        """The lines that can be handed over: what is off and paid for already has gone back to the resident."""
        return [(detail, words) for detail, words in self.lines if not detail.is_off]

    @property
    def contents(self) -> str:
        """ "1,5 kg Carottes, 2 Laitues", without what was taken off or missing."""
        return ", ".join(f"{words} {detail.title}" for detail, words in self.lines_there)

    @property
    def due_cents(self) -> int:
        """What is owed, with tax; the estimate for pieces that are not weighed yet."""
        return owed.due_of(self.part)

    @property
    def most_cents(self) -> int:
        return owed.most_of(self.part)


@dataclass(frozen=True)
class StallDay:
    """All orders of a stall that are confirmed and not cancelled, in packing order."""

    orders: Sequence[StallOrder]

    @property
    def has_payments_by_card(self) -> bool:
        """Whether there is a statement to read."""
        return any(order.part.online for order in self.orders)

    def at(self, *stages: StallStage) -> list[StallOrder]:
        return [order for order in self.orders if order.stage in stages]

    @property
    def handed_over(self) -> int:
        return len(self.at(StallStage.TO_PAY, StallStage.DONE))

    @property
    def taken_cents(self) -> int:
        return sum(order.part.paid_cents or 0 for order in self.orders)

    @property
    def due_cents(self) -> int:
        """Of what was handed over and is not paid."""
        return sum(order.due_cents for order in self.at(StallStage.TO_PAY))

    @property
    def taken_by_means(self) -> list[tuple[PaymentMeans, int, int]]:
        """(means, how many, cents), of those that were used."""
        paid = [(PaymentMeans(o.part.paid_means), o.part.paid_cents or 0) for o in self.orders if o.part.paid_at]
        sums = [(means, [cents for by, cents in paid if by is means]) for means in PaymentMeans]
        return [(means, len(amounts), sum(amounts)) for means, amounts in sums if amounts]


def stall_day(producer: Producer, day: MarketDay) -> StallDay:
    """Read the whole day of a stall in two queries."""
    parts = parts_of_stall(producer, day).not_cancelled().filter(pickup__to_be_paid_by=None)
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
    return [StallOrder(part) for part in parts_of_stall(producer, day).filter(pickup__in=wanted.order_by())]


def order_at_stall(producer: Producer, day: MarketDay, number: int) -> StallOrder:
    """Raises ProducerOrder.DoesNotExist when the order holds nothing of this producer's."""
    return StallOrder(parts_of_stall(producer, day).get(pickup__number=number))


def parts_of_stall(producer: Producer, day: MarketDay) -> ProducerOrderQuerySet:
    """All parts of a stall in packing order, cancelled ones too, with their lines by name."""
    details = Prefetch("details", LineDetail.objects.order_by("title", "pk"))
    parts = ProducerOrder.objects.of(producer).filter(day=day).with_card_state()
    parts = parts.select_related("pickup__slot", "producer__partner")
    return parts.prefetch_related(details).order_by("pickup__slot__starts_at", "pickup__number")
