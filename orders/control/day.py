"""One market day in full."""

from __future__ import annotations

from dataclasses import dataclass

from marche.markets.models import MarketDay, Slot
from orders.control.alerts import Alert, alerts_of
from orders.control.days import NEARLY_FULL
from orders.control.messages import FailedMessage, failed_of_orders
from orders.control.orders import OrderList, find_orders
from orders.control.stands import Stage, Stand, stands_of


@dataclass(frozen=True)
class DayPage:
    """All that a manager sees of a day. `query` is what was searched among the orders."""

    day: MarketDay
    slots: list[Slot]
    stands: list[Stand]
    orders: OrderList
    query: str
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
        return sum(stand.stage is Stage.ACKNOWLEDGED for stand in self.stands)

    @property
    def sent(self) -> int:
        """Summaries that left; one that was acknowledged was received, whatever its mail says."""
        return sum(stand.stage in (Stage.SENT, Stage.ACKNOWLEDGED) for stand in self.stands)

    @property
    def failed_summaries(self) -> list[Stand]:
        return [stand for stand in self.stands if stand.stage is Stage.FAILED]

    @property
    def total_cents(self) -> int:
        return sum(stand.total_cents for stand in self.stands)

    @property
    def per_order_cents(self) -> int:
        """What an order comes to on average, to the cent below; 0 without orders."""
        return self.total_cents // self.day.orders_count if self.day.orders_count else 0

    @property
    def is_nearly_full(self) -> bool:
        return self.day.orders_count >= NEARLY_FULL * self.day.order_cap

    @property
    def alerts(self) -> list[Alert]:
        """Those that the page does not tell at length: what failed and the holiday have a place of their own."""
        offering = [stand for stand in self.stands if stand.stall_number is not None]
        alerts = alerts_of(
            self.day,
            failed=0,
            without_offer=sum(not stand.listed for stand in offering),
            unacknowledged=len(self.summaries) - self.acknowledged,
        )
        return [alert for alert in alerts if alert.code != "holiday"]


def day_page(day: MarketDay, query: str = "", page: str = "1", *, whole: bool = False) -> DayPage:
    """Read the page of this day: as many queries for one order as for a thousand."""
    return DayPage(
        day=day,
        slots=list(day.slots.all()),
        stands=stands_of(day),
        orders=find_orders(day, query, page, whole=whole),
        query=query.strip(),
        failed_mails=failed_of_orders(day),
    )
