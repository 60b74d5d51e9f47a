"""Baskets whose day takes no orders: what is left to do with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from marche.common.flash import say_refused
from marche.common.refusals import Refused
from marche.common.wording import day_in_words
from marche.markets.here import be_at
from marche.markets.models import MarketDay
from orders.actions.empty_basket import empty_basket
from orders.actions.move_basket import move_basket
from orders.actions.repeat_order import RepeatedOrder
from orders.models import DayBasket
from orders.presenters.basket import Contents
from orders.resident.visitors import basket_or_404
from producers.catalogue.cached import state_of


@dataclass(frozen=True)
class Closed:
    """One of them. `state` is that of its day; `next_day` takes orders instead, if one does."""

    basket: DayBasket
    contents: Contents
    state: str
    next_day: MarketDay | None


def closed_ones(baskets: Iterable[tuple[DayBasket, Contents]]) -> list[Closed]:
    """Those whose day takes no orders. One query more, if there are any."""
    closed = [(basket, contents) for basket, contents in baskets if not basket.day.is_open]
    if not closed:
        return []
    markets = {basket.day.market_id for basket, _contents in closed}
    days = MarketDay.objects.open().filter(market__in=markets).order_by("-starts_at")
    next_days = {day.market_id: day for day in days}
    return [
        Closed(basket, contents, state_of(basket.day), next_days.get(basket.day.market_id))
        for basket, contents in closed
    ]


@require_POST
def move(request: HttpRequest, basket_id: int) -> HttpResponse:
    """Take it to the next open day, and say line by line what could not be had there."""
    basket = basket_or_404(request, basket_id)
    be_at(request, basket.day.market)
    try:
        moved = move_basket(basket.pk)
    except Refused as refusal:
        say_refused(request, refusal)
        return redirect("basket")
    if moved.items:
        messages.success(request, _said(moved))
    for problem in moved.missing:
        messages.warning(request, problem.sentence)
    return redirect("basket")


@require_POST
def empty(request: HttpRequest, basket_id: int) -> HttpResponse:
    """Throw it away."""
    empty_basket(basket_or_404(request, basket_id).pk)
    return redirect("basket")


def _said(moved: RepeatedOrder) -> str:
    count = len(moved.items)
    words = ngettext(
        "%(count)d product is in your basket for %(day)s.", "%(count)d products are in your basket for %(day)s.", count
    )
    return words % {"count": count, "day": day_in_words(moved.day.starts_at)}
