"""A resident orders the same again: what an order held goes into the basket of the market's next open day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from marche.common.refusals import Problem, Refused
from marche.common.wording import day_in_words, until_words
from marche.markets.models import Market, MarketDay
from marche.shop.oscar import BasketLine
from orders.actions.set_quantity import open_basket, write_lines
from orders.models import DayBasket, LineDetail, Pickup
from orders.presenters.basket import Item
from orders.presenters.seen import Seen
from producers.models import Listing


@dataclass(frozen=True)
class RepeatedOrder:
    """`items` are in the basket of `day`; `missing` says line by line what is not, or only in part."""

    day: MarketDay
    basket: DayBasket | None
    items: Sequence[Item]
    missing: Sequence[Problem]


def repeat_order(pickup_id: int, *, visitor: str | None) -> RepeatedOrder:
    """Put the products of an order into the visitor's basket of the next open day, at most what is left of each.

    Quantities are set, not added, and a larger one that is there already stays: a second click changes nothing. What
    is kept with a line is how it was ordered, so that the basket tells what has changed of price, unit, weight and
    name. Raises Refused, changing nothing, when no day of the market is open,
    and Pickup.DoesNotExist.
    """
    pickup = Pickup.objects.select_related("day__market").get(pk=pickup_id)
    day = next_open_day(pickup.day.market)
    lines = list(LineDetail.objects.filter(part__pickup=pickup).select_related("listing").order_by("line"))
    ordered = {line.listing.sheet_id: Seen.of_ordered(line) for line in lines}
    listings = Listing.objects.with_related().filter(day=day, on=True, sheet__in=ordered)
    items, missing = what_can_be_had(ordered.values(), {listing.sheet_id: listing for listing in listings})
    with transaction.atomic(durable=True):
        basket = open_basket(visitor, day, make=bool(items))
        if basket:
            fill(basket, items, ordered)
    return RepeatedOrder(day, basket, items, missing)


def next_open_day(market: Market) -> MarketDay:
    """The first day of this market that takes orders. Raises Refused, and says when one will, if none does."""
    day = MarketDay.objects.open().filter(market=market).order_by("starts_at").first()
    if day is None:
        raise Refused(Problem("no-open-day", _when_it_opens(market)))
    day.market = market
    return day


def _when_it_opens(market: Market) -> str:
    days = MarketDay.objects.taking_place().filter(market=market, opens_at__gt=timezone.now())
    day = days.order_by("opens_at").first()
    if day is None:
        return _("No market day takes orders for now, and none is planned yet. Come back in a few days.")
    with timezone.override(market.clock):
        words = {"day": day_in_words(day.starts_at), "when": until_words(day.opens_at)}
    return _("No market day takes orders for now. For %(day)s, orders open %(when)s.") % words


def what_can_be_had(lines: Iterable[Seen], listings: Mapping[int, Listing]) -> tuple[list[Item], list[Problem]]:
    """Return what can be had, at most what is left, and a problem for each line that can't, or only in part.

    `listings`: by the key of the sheet.
    """
    items, missing = [], []
    for line in lines:
        listing = listings.get(line.sheet_id)
        if listing is None:
            missing.append(Problem("gone", _("%(product)s: no longer offered.") % {"product": line.title}))
        elif (listing.unit, listing.step_grams) != (line.unit.unit, line.unit.step_grams):
            sentence = _("%(product)s: it is sold in another way now. Choose how much on its page.")
            missing.append(Problem("sold-otherwise", sentence % {"product": line.title}, listing.pk))
        else:
            item = Item(listing, line.quantity)
            if item.problem:
                missing.append(item.problem)
            if listing.remaining > 0:
                items.append(Item(listing, min(line.quantity, listing.remaining)))
    return items, missing


def fill(basket: DayBasket, wanted: Iterable[Item], ordered: Mapping[int, Seen]) -> None:
    """Write what the basket does not hold as much of already; `ordered` is how each was ordered, by sheet."""
    there = dict(BasketLine.objects.filter(basket=basket.pk).values_list("product_id", "quantity"))
    new = [item for item in wanted if there.get(item.listing.sheet_id, 0) < item.quantity]
    write_lines(basket, new, seen=ordered)
