"""The goods of one market day, stall by stall, by kind, or as found by a search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from marche.markets.here import keep_time_of
from marche.markets.models import MarketDay, Phase
from producers.catalogue.cached import cached, cached_page, fingerprint, state_of
from producers.catalogue.cards import ProductCard, by_stall, cards_of, for_cards
from producers.catalogue.search import clean_query, search, words_of
from producers.kinds import GoodsKind
from producers.models import Listing


@dataclass(frozen=True)
class Choice:
    """What of the day is wanted: one stall by its number, one kind, words. What makes no sense is not wanted."""

    stall: int | None = None
    kind: GoodsKind | None = None
    query: str = ""

    @classmethod
    def read(cls, asked: QueryDict) -> Choice:
        stall, kind = asked.get("etal", ""), asked.get("genre", "")
        return cls(
            stall=int(stall) if stall.isascii() and stall.isdigit() and len(stall) < 4 else None,
            kind=GoodsKind(kind) if kind in GoodsKind.values else None,
            query=clean_query(asked.get("q", "")),
        )

    @property
    def can_be_kept(self) -> bool:
        """Searches and pairs of stall and kind are rare, and there are too many to keep them all."""
        return not self.query and (self.stall is None or self.kind is None)

    def of(self, cards: Iterable[ProductCard]) -> list[ProductCard]:
        return [card for card in cards if self.stall in (None, card.stall_number) and self.kind in (None, card.kind)]


@require_safe
def day(request: HttpRequest, market: str, date: dt.date) -> HttpResponse:
    """A day. What everyone sees alike is kept (producers/catalogue/cached.py); a search is made anew."""
    found, choice = find_day(market, date), Choice.read(request.GET)
    if choice.can_be_kept:
        name = f"{fingerprint(found)}:{found.is_full}:{choice.stall}:{choice.kind}"
        return cached_page(request, name, lambda: _render(request, found, choice))
    return _render(request, found, choice)


def _render(request: HttpRequest, day: MarketDay, choice: Choice) -> HttpResponse:
    words = words_of(choice.query)
    goods = _search_html(day, choice, words) if words else _goods(day, choice)
    context = {"day": day, "market": day.market, "state": state_of(day), "choice": choice, "goods": goods}
    return render(request, "producers/catalogue/day.html", context)


def find_day(market: str, date: dt.date) -> MarketDay:
    """The day of this market and date, else Http404."""
    days = MarketDay.objects.select_related("market").filter(market__active=True)
    day = get_object_or_404(days, market__slug=market, date=date)
    keep_time_of(day.market)
    return day


def _goods(day: MarketDay, choice: Choice) -> SafeString:
    if day.cancelled_at:
        return SafeString()
    if choice.stall is not None and choice.kind:
        return _goods_html(day, choice)
    return cached(day, f"goods:{choice.stall}:{choice.kind}", lambda: _goods_html(day, choice))


def _goods_html(day: MarketDay, choice: Choice) -> SafeString:
    cards = cards_of(day, for_cards(Listing.objects.offered(day)))
    context = {
        "is_open": state_of(day) == Phase.OPEN,
        "choice": choice,
        "all_stalls": by_stall(cards),
        "kinds": [kind for kind in GoodsKind if any(card.kind is kind for card in cards)],
        "stalls": by_stall(choice.of(cards)),
    }
    return render_to_string("producers/catalogue/partials/goods.html", context)


def _search_html(day: MarketDay, choice: Choice, words: list[str]) -> SafeString:
    cards = choice.of(cards_of(day, for_cards(search(day, words))))
    context = {"is_open": state_of(day) == Phase.OPEN, "choice": choice, "cards": cards, "day": day}
    return render_to_string("producers/catalogue/partials/found.html", context)
