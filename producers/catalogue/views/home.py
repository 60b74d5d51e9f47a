"""The home page and the page of one market: when it is, until when to order, and who comes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from marche.common.wording import time_left
from marche.markets.here import keep_time_of
from marche.markets.models import Market, MarketDay, Phase
from producers.catalogue.cached import cached, cached_page, coming_days, fingerprint, state_of, who_comes
from producers.models import Producer


@dataclass(frozen=True)
class MarketBoard:
    """One market on the home page: the day to order for or to wait for, and what is to be said of other days."""

    market: Market
    day: MarketDay | None = None
    is_open: bool = False
    notices: list[tuple[str, MarketDay]] = field(default_factory=list)

    def __lt__(self, other: MarketBoard) -> bool:
        """By date: the market that is held first comes first; one without a day last."""
        return self._date < other._date

    @property
    def _date(self) -> tuple[bool, dt.datetime, str]:
        when = self.day.starts_at if self.day else dt.datetime.max.replace(tzinfo=dt.UTC)
        return self.day is None, when, self.market.name

    @property
    def fingerprint(self) -> str:
        """A text that changes whenever the card does: with its days, and with the time left as it is said."""
        days = [fingerprint(day) for _state, day in self.notices]
        if self.day:
            days += [fingerprint(self.day), str(self.day.is_full), time_left(self.day.closes_at).replace(" ", "-")]
        return f"{self.market.pk}:{'+'.join(days)}"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Every active market; a lone one with all that its own page says."""
    days = coming_days()
    boards = sorted(board_of(market, days.get(market, [])) for market in Market.objects.active())
    if len(boards) == 1:
        keep_time_of(boards[0].market)
    return cached_page(request, "+".join(board.fingerprint for board in boards), lambda: _render(request, boards))


@require_safe
def market(request: HttpRequest, market: str) -> HttpResponse:
    """One market, in an installation of several."""
    found = get_object_or_404(Market.objects.active(), slug=market)
    keep_time_of(found)
    board = board_of(found, coming_days(found).get(found, []))
    return cached_page(request, board.fingerprint, lambda: _render(request, [board]))


def _render(request: HttpRequest, boards: Sequence[MarketBoard]) -> HttpResponse:
    if len(boards) != 1:
        return render(request, "producers/catalogue/home.html", {"boards": boards})
    board = boards[0]
    return render(
        request, "producers/catalogue/market.html", {"board": board, "market": board.market, "who": _who(board)}
    )


def board_of(market: Market, days: Sequence[MarketDay]) -> MarketBoard:
    """The first day that takes orders, else the first that will; `days` soonest first."""
    states = [(state_of(day), day) for day in days]
    opened = next((day for state, day in states if state == Phase.OPEN), None)
    chosen = opened or next((day for state, day in states if state == Phase.UPCOMING), None)
    # A day before the chosen one is passed over for a reason; one after it is only mentioned when something is wrong.
    notices = [
        (state, day)
        for state, day in states
        if state in (Phase.CANCELLED, Phase.PENDING)
        or (state in (Phase.CLOSED, Phase.ON) and (chosen is None or day.starts_at < chosen.starts_at))
    ]
    return MarketBoard(market, chosen, opened is not None, notices)


def _who(board: MarketBoard) -> SafeString:
    """Who will be there; while nothing can be ordered, everyone who has a place on the market."""
    if board.day and board.is_open:
        day = board.day
        return cached(day, "who", lambda: _who_html(who_comes(day)))
    return _who_html(Producer.objects.with_stall(board.market))


def _who_html(producers: Iterable[Producer]) -> SafeString:
    return render_to_string("producers/catalogue/partials/who.html", {"producers": producers})
