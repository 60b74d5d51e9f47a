"""One product of a market day, with all that the law wants said before it is bought."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from marche.markets.models import MarketDay, Phase
from producers.catalogue.cached import cached, cached_page, fingerprint, state_of
from producers.catalogue.cards import cards_of, for_cards
from producers.catalogue.facts import facts_of
from producers.catalogue.views.day import find_day
from producers.kinds import GoodsKind
from producers.models import Listing

OTHERS = 8  # goods of the same stall shown below


class ProductPage(NamedTuple):
    """The cached part of a product's page."""

    title: str
    html: SafeString


@require_safe
def product(request: HttpRequest, market: str, date: dt.date, listing: int) -> HttpResponse:
    """A listing of this day that is on sale; any other is not found. A past day says that it is over."""
    day = find_day(market, date)
    return cached_page(request, fingerprint(day), lambda: _render(request, day, listing))


def _render(request: HttpRequest, day: MarketDay, listing: int) -> HttpResponse:
    page = cached(day, f"product:{listing}", lambda: _page(day, listing))
    context = {"day": day, "market": day.market, "state": state_of(day), "page": page}
    return render(request, "producers/catalogue/product.html", context)


def _page(day: MarketDay, pk: int) -> ProductPage:
    offered = Listing.objects.offered(day).with_related().with_vat()
    listing = offered.filter(pk=pk).first()
    if listing is None or day.cancelled_at:
        raise Http404
    others = for_cards(Listing.objects.offered(day).filter(producer=listing.producer_id).exclude(pk=pk))[:OTHERS]
    state = state_of(day)
    context = {
        "day": day,
        "state": state,
        "is_open": state == Phase.OPEN,
        "listing": listing,
        "sheet": listing.sheet,
        "producer": listing.producer,
        "card": cards_of(day, [listing])[0],
        "facts": facts_of(listing),
        "adults_only": listing.sheet.kind is GoodsKind.ALCOHOL,
        "others": sorted(cards_of(day, others), key=lambda card: card.sold_out),
    }
    return ProductPage(listing.sheet.title, render_to_string("producers/catalogue/partials/product.html", context))
