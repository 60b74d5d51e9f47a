"""Cache the parts of residents' pages that are the same for everyone, until something of the day changes.

A kept piece stands under a key that holds the day's `catalogue_version`, which whoever changes a listing raises; the
phase, because the clock changes it; and the language. Nothing has to be thrown away: an old key is never asked again,
and what the version does not tell (a stall moved, a producer renamed) is right again after CACHED_SECONDS.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.core.cache import cache
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from redis.exceptions import RedisError

from marche.markets.models import Market, MarketDay
from producers.models import Listing, Producer

logger = logging.getLogger(__name__)
T = TypeVar("T")

CACHED_SECONDS = 600


def state_of(day: MarketDay, now: dt.datetime | None = None) -> str:
    """The phase of the day, as templates and keys name it."""
    return day.phase(now).value


def cached(day: MarketDay, name: str, make: Callable[[], T]) -> T:
    """The piece called `name` of this day's pages: from the cache, or made and put there.

    A cache that is down or full costs time, never the page.
    """
    return _cached(f"{fingerprint(day)}:{name}", make)


def fingerprint(day: MarketDay) -> str:
    """A text that changes whenever what residents see of this day does, but for the places left."""
    return f"{day.pk}.{day.catalogue_version}.{state_of(day)}"


def cached_page(request: HttpRequest, name: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """A whole page, for visitors who carry no cookie: without one, nothing on it is about them.

    `name` holds the fingerprints of the days on the page, and whatever else of it changes with time.
    """
    if request.COOKIES:
        return make()
    return HttpResponse(_cached(f"page:{request.path}:{name}", lambda: make().content))


def _cached(name: str, make: Callable[[], T]) -> T:
    key = f"catalogue:{get_language()}:{name}"
    found: T | None = _read(key)
    if found is None:
        found = make()
        _store(key, found)
    return found


def _read(key: str) -> Any:
    try:
        return cache.get(key)
    except (RedisError, OSError):
        logger.warning("the cache does not answer")
        return None


def _store(key: str, piece: object) -> None:
    try:
        cache.set(key, piece, CACHED_SECONDS)
    except (RedisError, OSError):
        logger.warning("the cache takes nothing")


def fill_in(html: str, quantities: Mapping[int, int], asked: Mapping[int, int]) -> str:
    """Write into kept cards how much of each listing (by primary key) the visitor's basket holds.

    `asked`: the numbers that were refused just now. They stay in their fields.
    """
    for pk in quantities.keys() | asked.keys():
        held = quantities.get(pk, 0)
        if held:
            html = html.replace(f'<li class="prod" id="p{pk}">', f'<li class="prod is-in" id="p{pk}">', 1)
        number = f'value="{asked[pk]}" aria-invalid="true"' if pk in asked else f'value="{held}"'
        field = f'value="0"><input id="q{pk}" '
        html = re.sub(rf'{field}value="\d"', f'value="{held}"><input id="q{pk}" {number}', html, count=1)
    return html


def who_comes(day: MarketDay) -> QuerySet[Producer]:
    """The producers with something on sale that day, in walking order."""
    on_sale = Listing.objects.filter(day=day, on=True, producer=OuterRef("pk"))
    return Producer.objects.with_stall(day.market).filter(Exists(on_sale))


def coming_days(market: Market | None = None) -> dict[Market, list[MarketDay]]:
    """The days whose market has not ended yet, soonest first, of this market or of every active one. One query."""
    days = MarketDay.objects.coming().filter(market__active=True).select_related("market")
    if market:
        days = days.filter(market=market)
    found: dict[Market, list[MarketDay]] = {}
    for day in days:
        found.setdefault(day.market, []).append(day)
    return found
