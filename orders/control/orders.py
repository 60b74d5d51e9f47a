"""The orders of one market day: searched, added up, a page at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from marche.markets.models import MarketDay, Phase, Stall
from marche.telephone import digits_to_find, last_digits_to_find
from orders.control.messages import confirmed
from orders.models import CODE_LENGTH, Pickup, ProducerOrder
from orders.querysets import PickupQuerySet

PAGE = 50  # orders
SHORTEST_CODE = 4  # characters, as printed large on a ticket: what is shorter is a number or a name


class State(StrEnum):
    """Where an order is. The words are those of addresses."""

    PENDING = "a-payer"  # by card, on the site: not confirmed yet
    TO_COLLECT = "a-retirer"
    COLLECTED = "retirees"
    PARTLY = "en-partie"
    NOT_COLLECTED = "non-retirees"
    CANCELLED = "annulees"


UNCONFIRMED = "non-confirmees"  # not a state of the goods: the confirmation has not left


@dataclass(frozen=True)
class OrderLine:
    """One order, the stalls it is collected from, in walking order, and where it is."""

    pickup: Pickup
    stall_numbers: list[int]
    state: State


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


def matching(day: MarketDay, query: str) -> PickupQuerySet:
    """Orders that `query` names by their number, a part of the name (whatever its accents), the beginning of the code,
    or the telephone number or a part of it, in whatever form.
    """
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
    if digits := digits_to_find(text):
        wanted |= Q(phone__contains=digits)
    if (last := last_digits_to_find(text)) and not _is_number(day, last):
        wanted |= Q(phone__endswith=last)
    return pickups.filter(wanted)


def _is_number(day: MarketDay, digits: str) -> bool:
    """Whether an order of this day has these digits as its number: then they mean that order and no telephone."""
    return not digits.startswith("0") and int(digits) <= day.last_number


def states_of(day: MarketDay) -> list[State]:
    """The states that an order of this day can be in now."""
    if day.phase() is Phase.OVER:
        return [State.COLLECTED, State.PARTLY, State.NOT_COLLECTED, State.CANCELLED]
    pending = [State.PENDING] if day.market.till else []
    return [*pending, State.TO_COLLECT, State.PARTLY, State.COLLECTED, State.CANCELLED]


def state_of(pickup: Pickup, parts: Collection[bool], *, is_over: bool) -> State:
    """`parts`: of each, whether it was handed over."""
    if pickup.is_cancelled:
        return State.CANCELLED
    if pickup.is_pending:
        return State.PENDING
    if parts and all(parts):
        return State.COLLECTED
    if any(parts):
        return State.PARTLY
    return State.NOT_COLLECTED if is_over else State.TO_COLLECT


def in_state(pickups: PickupQuerySet, day: MarketDay, state: str) -> PickupQuerySet:
    """Those in this State (one of `states_of`), or UNCONFIRMED; all for any other word."""
    parts = ProducerOrder.objects.alive().filter(pickup=OuterRef("pk"))
    some, waiting = Exists(parts.filter(handed_over_at__isnull=False)), Exists(parts.filter(handed_over_at=None))
    alive = Q(cancelled_at=None)
    wanted = {
        State.PENDING: alive & Q(to_be_paid_by__isnull=False),
        State.TO_COLLECT: alive & ~Q(some) & Q(to_be_paid_by=None),
        State.NOT_COLLECTED: alive & ~Q(some),
        State.PARTLY: alive & Q(some) & Q(waiting),
        State.COLLECTED: alive & ~Q(waiting),
        State.CANCELLED: ~alive,
    }
    if state == UNCONFIRMED:
        return pickups.filter(alive & ~Q(email="") & ~Q(confirmed()), to_be_paid_by=None)
    return pickups.filter(wanted[State(state)]) if state in states_of(day) else pickups


def _with_stalls(day: MarketDay, pickups: Iterable[Pickup]) -> list[OrderLine]:
    numbers = Stall.objects.numbers(day.market_id)
    stalls: defaultdict[int, list[int]] = defaultdict(list)
    handed_over: defaultdict[int, list[bool]] = defaultdict(list)
    rows = list(pickups)
    standing = Q(cancelled_at=None) | Q(pickup__cancelled_at__isnull=False)
    parts = ProducerOrder.objects.filter(standing, pickup__in=[pickup.pk for pickup in rows]).order_by()
    for pickup, partner, at in parts.values_list("pickup", "producer__partner", "handed_over_at"):
        handed_over[pickup].append(at is not None)
        if partner in numbers:
            stalls[pickup].append(numbers[partner])
    is_over = day.phase() is Phase.OVER
    return [
        OrderLine(pickup, sorted(stalls[pickup.pk]), state_of(pickup, handed_over[pickup.pk], is_over=is_over))
        for pickup in rows
    ]
