"""What a producer prepares before the market: its parts of the orders, weighed and set aside one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from marche.markets.models import MarketDay
from orders.models import LineDetail
from orders.presenters.stall import StallOrder, parts_of_stall
from producers.models import Producer


class Progress(StrEnum):
    """How far a part is on the bench."""

    TO_PREPARE = "to-prepare"
    PREPARED = "prepared"
    HANDED_OVER = "handed-over"
    PENDING = "pending"  # the resident has not paid yet
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class OrderToPrepare(StallOrder):
    """One part on the bench."""

    @property
    def progress(self) -> Progress:
        if self.part.cancelled_at:
            return Progress.CANCELLED
        if self.part.pickup.is_pending:
            return Progress.PENDING
        if self.part.handed_over_at:
            return Progress.HANDED_OVER
        return Progress.PREPARED if self.part.prepared_at else Progress.TO_PREPARE

    @property
    def weighed(self) -> list[LineDetail]:
        """The lines whose price is known once they are weighed."""
        return [line for line, _words in self.lines if line.is_estimated and not line.is_off]

    @property
    def needs_no_weighing(self) -> bool:
        """Whether it waits for nothing but to be said ready."""
        return self.progress is Progress.TO_PREPARE and not self.weighed


@dataclass(frozen=True)
class Preparation:
    """All orders of a stall, in packing order."""

    orders: Sequence[OrderToPrepare]

    def at(self, *stages: Progress) -> list[OrderToPrepare]:
        return [order for order in self.orders if order.progress in stages]

    @property
    def expected(self) -> int:
        """How many are prepared, or to be prepared now."""
        return len(self.at(Progress.TO_PREPARE)) + self.done

    @property
    def done(self) -> int:
        return len(self.at(Progress.PREPARED, Progress.HANDED_OVER))

    @property
    def without_weighing(self) -> int:
        return sum(order.needs_no_weighing for order in self.orders)

    def after(self, number: int) -> int | None:
        """The number of the order to prepare next after the order `number`: round to the first ones, else None."""
        numbers = [order.part.pickup.number for order in self.orders]
        here = numbers.index(number) if number in numbers else -1
        turned = [*self.orders[here + 1 :], *self.orders[: here + 1]]
        waiting = (order.part.pickup.number for order in turned if order.progress is Progress.TO_PREPARE)
        return next((other for other in waiting if other != number), None)


def orders_to_prepare(producer: Producer, day: MarketDay) -> list[OrderToPrepare]:
    """The stall's parts in packing order, cancelled ones too, in two queries."""
    return [OrderToPrepare(part) for part in parts_of_stall(producer, day)]


def order_to_prepare(producer: Producer, day: MarketDay, number: int) -> OrderToPrepare:
    """Raises ProducerOrder.DoesNotExist when the order holds nothing of this producer's."""
    return OrderToPrepare(parts_of_stall(producer, day).get(pickup__number=number))
