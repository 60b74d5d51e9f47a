"""The orders of one market day: searched, added up, a page at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from marche.markets.models import MarketDay, Stall
from orders.models import CODE_LENGTH, Pickup, ProducerOrder

PAGE = 50  # orders
SHORTEST_CODE = 4  # characters, as printed large on a ticket: what is shorter is a number or a name


@dataclass(frozen=True)
class OrderLine:
    """One order, and the stalls it is collected from, in walking order."""

    pickup: Pickup
    stall_numbers: list[int]


@dataclass(frozen=True)
class OrderList:
    """A page of what was found. `count` and `total_cents` speak of all that was found and is not cancelled."""

    page: Page[Pickup]
    lines: list[OrderLine]
    count: int
    cancelled: int
    total_cents: int


def find_orders(day: MarketDay, query: str = "", page: str = "1", *, whole: bool = False) -> OrderList:
    """The orders of the day that match, by number; all on one page when `whole`. Five queries."""
    found = matching(day, query)
    live = Q(cancelled_at=None)
    sums = found.aggregate(
        live=Count("pk", filter=live),
        cancelled=Count("pk", filter=~live),
        total=Coalesce(Sum("total_cents", filter=live), 0),
    )
    everything = sums["live"] + sums["cancelled"]
    paginator = Paginator(found.order_by("number").select_related("slot"), max(everything, 1) if whole else PAGE)
    shown = paginator.get_page(page)
    return OrderList(shown, _with_stalls(day, list(shown)), sums["live"], sums["cancelled"], sums["total"])


def matching(day: MarketDay, query: str) -> QuerySet[Pickup]:
    """Orders whose number is `query`, or whose name holds it (whatever its accents), or whose code starts with it."""
    pickups = Pickup.objects.filter(day=day)
    text = query.strip()
    if not text:
        return pickups
    wanted = Q(name__unaccent__icontains=text)
    code = text.replace("-", "").replace(" ", "").upper()
    if SHORTEST_CODE <= len(code) <= CODE_LENGTH:
        wanted |= Q(code__startswith=code)
    number = text.removeprefix("#").strip()
    if number.isascii() and number.isdigit() and len(number) < 10:
        wanted |= Q(number=int(number))
    return pickups.filter(wanted)


def _with_stalls(day: MarketDay, pickups: Iterable[Pickup]) -> list[OrderLine]:
    numbers = dict(Stall.objects.filter(market=day.market_id).values_list("partner", "number"))
    stalls: defaultdict[int, list[int]] = defaultdict(list)
    rows = list(pickups)
    parts = ProducerOrder.objects.filter(pickup__in=[pickup.pk for pickup in rows]).order_by()
    for pickup, partner in parts.values_list("pickup", "producer__partner"):
        if partner in numbers:
            stalls[pickup].append(numbers[partner])
    return [OrderLine(pickup, sorted(stalls[pickup.pk])) for pickup in rows]
