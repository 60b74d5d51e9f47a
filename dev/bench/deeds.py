"""What is measured without a page: the placing verb on one slot row, and the closing of a day until its mails left."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from itertools import chain, repeat
from typing import Any

from dev.bench.journeys import LINES
from dev.bench.stage import run_module
from dev.bench.town import Town
from dev.bench.wire import at_once
from marche.markets.models import MarketDay
from marche.shop.oscar import Basket, BasketLine, StockRecord
from orders.actions.close_day import close_day
from orders.models import DayBasket, Summary
from producers.models import Listing

PROCESSES = 2  # as many as gunicorn has workers
START_SECONDS = 8.0  # until every process has imported the project


def place_alone(town: Town, orders: int) -> dict[str, float]:
    """Orders per second of several processes that all want the same slot, and the statements of one order."""
    baskets = _filled_baskets(town, orders + PROCESSES)
    at = time.time() + START_SECONDS
    shares: list[dict[str, Any]] = [{"baskets": baskets[n::PROCESSES], "at": at} for n in range(PROCESSES)]
    told = at_once([lambda share=share: run_module("dev.bench.verb", share, os.environ) for share in shares])  # type: ignore[misc]
    seconds = max(one["ended"] for one in told) - min(one["began"] for one in told)
    placed = sum(one["orders"] for one in told)
    return {"per_second": placed / seconds, "orders": placed, "statements": max(one["statements"] for one in told)}


def _filled_baskets(town: Town, count: int) -> list[int]:
    """The primary keys of baskets of six goods that only need to be placed.

    Only the first of each process, whose statements are counted, asks for a mail: mails are not what is measured.
    """
    slot = town.small.slots.earliest("starts_at")
    listings = list(Listing.objects.filter(day=town.small).order_by("pk"))
    records = dict(StockRecord.objects.values_list("product", "pk"))
    baskets = Basket.objects.bulk_create(Basket() for _n in range(count))
    DayBasket.objects.bulk_create(
        DayBasket(basket=basket, day=town.small, slot=slot, name=f"Léa {basket.pk}", email=address)
        for basket, address in zip(baskets, chain(["lea@example.org"] * PROCESSES, repeat("")), strict=False)
    )
    lines = []
    for number, basket in enumerate(baskets):
        chosen = [listings[(number * 7 + line * 17) % len(listings)] for line in range(LINES)]
        lines += [_line(basket, listing, records[listing.sheet_id]) for listing in chosen]
    BasketLine.objects.bulk_create(lines)
    return [basket.pk for basket in baskets]


def _line(basket: Any, listing: Listing, record: int) -> Any:
    return BasketLine(
        basket=basket,
        line_reference=f"{listing.sheet_id}_{record}",
        product_id=listing.sheet_id,
        stockrecord_id=record,
        quantity=1,
    )


def close_past_day(town: Town, mails_to_leave: Callable[[], None]) -> dict[str, float]:
    """Seconds to close the latest past day once more, as if its cutoff were just over, until its mails have left."""
    MarketDay.objects.filter(pk=town.past.pk).update(closed_at=None)
    began = time.perf_counter()
    close_day(town.past.pk)
    closed = time.perf_counter()
    mails_to_leave()
    sent = time.perf_counter()
    summaries = Summary.objects.filter(day=town.past).count()
    return {
        "closing_seconds": closed - began,
        "seconds": sent - began,
        "producers": summaries,
        "orders": town.past.orders_count,
    }
