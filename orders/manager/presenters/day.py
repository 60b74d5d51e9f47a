"""One market day in full."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from marche.markets.models import MarketDay, Phase, Slot
from orders.manager.presenters.alerts import ACKNOWLEDGE_BEFORE
from orders.manager.presenters.messages import Confirmations, FailedMessage, count_confirmations, failed_of
from orders.manager.presenters.orders import OrderList, find_orders
from orders.manager.presenters.stands import Stand, SummaryStage, stands_of
from orders.progress import UNCONFIRMED, OrderState, states_of


@dataclass(frozen=True)
class DayPage:
    """All that a manager sees of a day. `query` and `state`: what was asked for among the orders."""

    day: MarketDay
    slots: list[Slot]
    stands: list[Stand]
    orders: OrderList
    query: str
    state: str
    confirmations: Confirmations
    failed_mails: list[FailedMessage]

    @property
    def places(self) -> int:
        return sum(slot.capacity for slot in self.slots)

    @property
    def taken(self) -> int:
        return sum(slot.reserved for slot in self.slots)

    @property
    def summaries(self) -> list[Stand]:
        return [stand for stand in self.stands if stand.summary]

    @property
    def acknowledged(self) -> int:
        return sum(stand.stage is SummaryStage.ACKNOWLEDGED for stand in self.stands)

    @property
    def sent(self) -> int:
        """Summaries that left; one that was acknowledged was received, whatever its mail says."""
        return sum(stand.stage in (SummaryStage.SENT, SummaryStage.ACKNOWLEDGED) for stand in self.stands)

    @property
    def failed_summaries(self) -> list[Stand]:
        return [stand for stand in self.stands if stand.stage is SummaryStage.FAILED]

    @property
    def without_offer(self) -> list[Stand]:
        """Those with a stall who offer nothing while they still can."""
        if not self.day.is_before_cutoff():
            return []
        return [stand for stand in self.stands if stand.stall_number is not None and not stand.listed]

    @property
    def unacknowledged(self) -> list[Stand]:
        """Those who have not said that they received what they must bring, until the market is over."""
        if self.day.phase() not in (Phase.CLOSED, Phase.ON):
            return []
        return [stand for stand in self.summaries if stand.stage is not SummaryStage.ACKNOWLEDGED]

    @property
    def is_late(self) -> bool:
        """Whether it is time to telephone to those."""
        return bool(self.unacknowledged) and timezone.now() >= self.day.starts_at - ACKNOWLEDGE_BEFORE

    @property
    def busy_stands(self) -> list[Stand]:
        """Those with something to hand over, or handed over."""
        return [stand for stand in self.stands if stand.orders]

    @property
    def parts(self) -> int:
        return sum(stand.orders for stand in self.stands)

    @property
    def handed_over(self) -> int:
        return sum(stand.handed_over for stand in self.stands)

    @property
    def left(self) -> int:
        """Parts that are not handed over."""
        return self.parts - self.handed_over

    @property
    def taken_cents(self) -> int:
        return sum(stand.taken_cents for stand in self.stands)

    @property
    def states(self) -> list[OrderState]:
        """The states by which the orders can be filtered."""
        return states_of(self.day)

    @property
    def total_cents(self) -> int:
        return sum(stand.total_cents for stand in self.stands)

    @property
    def per_order_cents(self) -> int:
        """What an order comes to on average, to the cent below; 0 without orders."""
        return self.total_cents // self.day.orders_count if self.day.orders_count else 0


def day_page(day: MarketDay, query: str = "", page: str = "1", *, state: str = "", whole: bool = False) -> DayPage:
    """Read the page of this day: as many queries for one order as for a thousand."""
    return DayPage(
        day=day,
        slots=list(day.slots.all()),
        stands=stands_of(day),
        orders=find_orders(day, query, page, state=state, whole=whole),
        query=query.strip(),
        state=state if state == UNCONFIRMED or state in states_of(day) else "",
        confirmations=count_confirmations(day),
        failed_mails=failed_of(day),
    )
