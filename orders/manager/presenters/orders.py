"""The orders of one market day: searched, added up, a page at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from marche.markets.models import MarketDay, Phase, Stall
from orders.finding import matching
from orders.models import Pickup, ProducerOrder
from orders.progress import STANDING, OrderState, in_state, state_of

PAGE = 50  # orders


@dataclass(frozen=True)
class OrderLine:
    """One order, the stalls it is collected from, in walking order, and where it is."""

    pickup: Pickup
    stall_numbers: list[int]
    state: OrderState


@dataclass(frozen=True)
class OrderList:
    """A page of what was found, each with what is owed for it (`due_cents`, see owed.py).

    `count` and `total_cents`, what is owed, speak of all that was found and is not cancelled.
    """

    page: Page[Pickup]
    lines: list[OrderLine]
    count: int
    cancelled: int
    total_cents: int


def find_orders(day: MarketDay, query: str = "", page: str = "1", *, state: str = "", whole: bool = False) -> OrderList:
    """The orders of the day that match, by number; all on one page when `whole`. Five queries.

    `state`: only those in this State, or those UNCONFIRMED; any other word means all.
    """
    found = in_state(matching(day, query), day, state).with_owed()
    live = Q(cancelled_at=None)
    sums = found.aggregate(
        live=Count("pk", filter=live),
        cancelled=Count("pk", filter=~live),
        due=Coalesce(Sum("due_cents", filter=live), 0),
    )
    everything = sums["live"] + sums["cancelled"]
    paginator = Paginator(found.order_by("number").select_related("slot"), max(everything, 1) if whole else PAGE)
    shown = paginator.get_page(page)
    return OrderList(shown, _with_stalls(day, list(shown)), sums["live"], sums["cancelled"], sums["due"])


def _with_stalls(day: MarketDay, pickups: Iterable[Pickup]) -> list[OrderLine]:
    numbers = Stall.objects.numbers(day.market_id)
    stalls: defaultdict[int, list[int]] = defaultdict(list)
    handed_over: defaultdict[int, list[bool]] = defaultdict(list)
    rows = list(pickups)
    parts = ProducerOrder.objects.filter(STANDING, pickup__in=[pickup.pk for pickup in rows]).order_by()
    for pickup, partner, at in parts.values_list("pickup", "producer__partner", "handed_over_at"):
        handed_over[pickup].append(at is not None)
        if partner in numbers:
            stalls[pickup].append(numbers[partner])
    is_over = day.phase() is Phase.OVER
    return [
        OrderLine(pickup, sorted(stalls[pickup.pk]), state_of(pickup, handed_over[pickup.pk], is_over=is_over))
        for pickup in rows
    ]
