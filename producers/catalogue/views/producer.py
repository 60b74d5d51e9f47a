"""Who a producer is, where it comes from, when it is at the market, and what it has just now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from marche.markets.here import keep_time_of
from marche.markets.models import MarketDay, Stall
from producers.catalogue.cached import cached, cached_page, fingerprint
from producers.catalogue.cards import cards_of, for_cards
from producers.kinds import Label
from producers.models import Listing, Producer


@require_safe
def producer(request: HttpRequest, producer: str) -> HttpResponse:
    """A producer, with its goods of the first day that takes orders, if there is one."""
    days = MarketDay.objects.open().filter(market__stalls__partner__producer__slug=producer)
    day = days.select_related("market").order_by("starts_at").first()
    if day is None:
        return _render(request, producer, day)
    keep_time_of(day.market)
    return cached_page(request, fingerprint(day), lambda: _render(request, producer, day))


def _render(request: HttpRequest, slug: str, day: MarketDay | None) -> HttpResponse:
    producer = get_object_or_404(Producer.objects.select_related("partner"), slug=slug)
    stalls = list(Stall.objects.filter(partner=producer.partner_id, market__active=True).select_related("market"))
    here = [stall for stall in stalls if day is None or stall.market_id == day.market_id]
    context = {
        "producer": producer,
        "labels": [Label(label).label for label in producer.labels],
        "stalls": stalls,
        "stall": here[0] if here else None,
        "market": stalls[0].market if len(stalls) == 1 else None,
        "day": day,
        "goods": day and cached(day, f"producer:{producer.pk}", lambda: _goods_html(day, producer)),
    }
    return render(request, "producers/catalogue/producer.html", context)


def _goods_html(day: MarketDay, producer: Producer) -> SafeString:
    listings = for_cards(Listing.objects.offered(day).filter(producer=producer))
    cards = sorted(cards_of(day, listings), key=lambda card: card.sold_out)
    if not cards:
        return SafeString()
    context = {"cards": cards, "is_open": True}
    return render_to_string("producers/catalogue/partials/cards.html", context)
