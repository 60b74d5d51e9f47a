"""The clock and the name of the place: every time of a market is shown as its own clocks show it.

Whoever finds the market that a page, a mail or a document is about says so here, and all that is written afterwards, in
`marche/common/wording.py` and in templates, follows. A page of several markets puts each into
`{% timezone market.clock %}`.
What was said lasts until the request ends (marche/middleware.py) or the mail is written (marche/outbox/rendering.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.utils import timezone

if TYPE_CHECKING:
    from django.http import HttpRequest

    from marche.markets.models import Market

    class AtMarket(HttpRequest):
        """A request whose page is about a market."""

        market: Market


def keep_time_of(market: Market) -> None:
    """Show times as the clocks of this market do, from here on."""
    timezone.activate(market.clock)


def be_at(request: HttpRequest, market: Market) -> None:
    """This page is about this market: its clock, and its name at the head of the page."""
    cast("AtMarket", request).market = market
    keep_time_of(market)


def market_of(request: HttpRequest) -> Market | None:
    """The market that this page is about, if it is about one."""
    return getattr(request, "market", None)
