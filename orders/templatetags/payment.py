"""What is said of paying before one orders: whether a market, a day or a producer takes cards on the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from orders.presenters.card_choice import Online, online_of
from orders.presenters.card_choice import takes_cards as is_card_taken
from producers.catalogue.cached import cached

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marche.markets.models import Market, MarketDay
    from orders.models import DayBasket
    from orders.presenters.basket import Contents
    from producers.catalogue.views.home import MarketBoard
    from producers.models import Producer

register = template.Library()


@register.simple_tag
def takes_cards(market: Market | None, day: MarketDay | None = None, producer: Producer | None = None) -> bool:
    """One query, where the market has a till; of a day it is kept for some minutes, as what stands on its pages is.

    What a page does not name, the site before its first market for instance, comes as an empty text.
    """
    if not market or not market.till:
        return False
    if not day:
        return is_card_taken(market, producer=producer)
    return cached(day, f"cards:{producer.pk if producer else ''}", lambda: is_card_taken(market, day, producer))


@register.simple_tag
def any_takes_cards(boards: Iterable[MarketBoard]) -> bool:
    """Whether a market among these boards does."""
    return any(takes_cards(board.market, board.day) for board in boards)


@register.simple_tag
def card_choice(basket: DayBasket, contents: Contents) -> Online | None:
    """The part of a basket that can be paid by card on the site; None if nothing can."""
    return online_of(basket.day, contents.groups) if contents.groups else None
