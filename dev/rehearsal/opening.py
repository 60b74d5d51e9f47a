"""Before the curtain: the demo market, last week's market day behind it, and this week's orders about to open."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from random import Random

from django.db.models import F
from django.utils import timezone

from dev.demo.load import LEAST_TIME_TO_ORDER, load
from dev.rehearsal.market import Goods
from marche.markets.models import Market, MarketDay, Slot, Stall
from producers.actions.save_offer import MAX_QUANTITY
from producers.models import Listing

USUAL_ORDERS = 230  # of Beauvais in 2020: what the demo's quantities are made for
SCARCE_EVERY = 9  # one product in so many is scarce on purpose
UNITS_PER_ORDER = 9  # roughly what the residents of people.py want
WEEK = dt.timedelta(days=7)
ISLAND = Path(__file__).parent / "island_data"


@dataclass(frozen=True)
class Week:
    """The day that is rehearsed, and how much was made scarce on it."""

    day: MarketDay
    scarce_listings: int
    cap: int
    places: int


def prepare_week(orders: int, seed: str) -> Week:
    """Load the demo market, and leave its week as wide as `orders` residents need, less a little."""
    return _prepare(load(), orders, seed)


def prepare_island(orders: int, seed: str) -> Week:
    """The same of a small market at La Réunion, with producers of its own and another clock."""
    return _prepare(load(folder=ISLAND / "producers", market_file=ISLAND / "market.toml"), orders, seed)


def holders_of(market: Market) -> list[tuple[int, str]]:
    """Who stands at the stalls: (number, the member's e-mail address), by number."""
    stalls = Stall.objects.filter(market=market).order_by("number")
    return list(stalls.values_list("number", "partner__users__email"))


def _prepare(market: Market, orders: int, seed: str) -> Week:
    """Leave this week's day of the market open and empty."""
    now = timezone.now()
    days = MarketDay.objects.filter(market=market).open(now)
    day = days.filter(closes_at__gt=now + LEAST_TIME_TO_ORDER).earliest("starts_at")
    _close_days_before(day, now)
    _last_week(day)
    scarce = _widen_offer(day, orders, Random(f"{seed}:scarce"))
    cap = orders - max(1, orders // 12)
    MarketDay.objects.filter(pk=day.pk).update(opens_at=now, order_cap=cap)
    return Week(day, scarce, cap, _widen_slots(day, orders))


def goods_of(day: MarketDay) -> Goods:
    """What residents know of the market, once the producers have listed."""
    stalls: dict[int, set[int]] = {}
    for producer, listing in Listing.objects.filter(day=day, on=True).values_list("producer", "pk"):
        stalls.setdefault(producer, set()).add(listing)
    slots = list(day.slots.order_by("starts_at").values_list("pk", flat=True))
    popular = sorted(slots, key=lambda slot: abs(slots.index(slot) - len(slots) // 2))  # the middle of the morning
    return Goods(list(stalls.values()), popular, path_of(day))


def path_of(day: MarketDay) -> str:
    """What the addresses of a day end with: "beauvais/2026-11-28"."""
    return f"{day.market.slug}/{day.date}"


def _close_days_before(day: MarketDay, now: dt.datetime) -> None:
    """The home page leads to the first day that is open: it must be ours."""
    just_now = now - dt.timedelta(minutes=1)
    before = MarketDay.objects.filter(
        market=day.market, date__lt=day.date, opens_at__lt=just_now, closes_at__gt=just_now
    )
    before.update(closes_at=just_now, closed_at=now)


def _last_week(day: MarketDay) -> None:
    """What the demo offers on this day becomes what was offered a week before; this day starts with nothing."""
    times = {name: getattr(day, name) - WEEK for name in ("opens_at", "closes_at", "starts_at", "ends_at")}
    past, _made = MarketDay.objects.get_or_create(
        market=day.market,
        date=day.date - WEEK,
        defaults={**times, "order_cap": day.order_cap, "closed_at": times["closes_at"]},
    )
    Listing.objects.filter(day=past).delete()
    Listing.objects.filter(day=day).update(day=past)
    MarketDay.objects.filter(pk=day.pk).update(catalogue_version=F("catalogue_version") + 1)


def _widen_offer(day: MarketDay, orders: int, dice: Random) -> int:
    """Multiply the usual quantities for more residents than usual; make some products scarce."""
    listings = list(Listing.objects.filter(day__market=day.market, day__date=day.date - WEEK).order_by("pk"))
    wanted = orders * UNITS_PER_ORDER // len(listings)  # of each, were all equally popular
    scarce = dice.sample(listings, max(1, len(listings) // SCARCE_EVERY))
    for listing in listings:
        listing.quantity = min(max(listing.quantity, listing.quantity * orders // USUAL_ORDERS), MAX_QUANTITY)
    for listing in scarce:
        listing.quantity = max(2, wanted // 3)
    Listing.objects.bulk_update(listings, ["quantity"])
    return len(scarce)


def _widen_slots(day: MarketDay, orders: int) -> int:
    """A few places more than residents, as many in each slot: the slots that everybody wants fill up one by one."""
    slots = list(day.slots.order_by("starts_at"))
    for slot in slots:
        slot.capacity = -(-orders * 11 // (10 * len(slots)))
    Slot.objects.bulk_update(slots, ["capacity"])
    return sum(slot.capacity for slot in slots)
