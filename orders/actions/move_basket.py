"""A resident takes a basket whose day takes no orders to the next open day of its market."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from marche.common.refusals import Problem, Refused
from marche.shop.oscar import BasketLine
from orders.actions.keep_contact import keep_contact
from orders.actions.repeat_order import RepeatedOrder, fill, next_open_day, what_can_be_had
from orders.actions.set_quantity import open_basket
from orders.locks import lock_basket
from orders.models import DayBasket
from orders.presenters.basket import contents_of
from producers.models import Listing


def move_basket(basket_id: int) -> RepeatedOrder:
    """Put what can be had of a basket into that of the next open day.

    It is compared as an order that is repeated. What can't be had there at all stays where it is and is named; of what
    is short, and of what the other basket holds as much of, nothing stays. The contact that was typed goes along, where
    the other basket has none. Raises Refused, changing nothing, when the
    day still takes orders or no other does, and DayBasket.DoesNotExist.
    """
    basket = DayBasket.objects.select_related("day__market").get(pk=basket_id)
    if basket.day.is_open:
        raise Refused(Problem("still-open", _("Orders for this market day are still open.")))
    day = next_open_day(basket.day.market)
    with transaction.atomic(durable=True):
        old = lock_basket(basket_id)
        contents = contents_of(basket)
        lines = [item.seen or item.now for item in contents.items] if old else []
        listings = Listing.objects.with_related().filter(day=day, on=True, sheet__in=[line.sheet_id for line in lines])
        items, missing = what_can_be_had(lines, {listing.sheet_id: listing for listing in listings})
        new = open_basket(basket.visitor, day, make=bool(items))
        if new:
            fill(new, items, {line.sheet_id: line for line in lines})
        moved = [item.listing.sheet_id for item in items]
        BasketLine.objects.filter(basket=basket.pk, product__in=moved).delete()
    if new and not new.name:
        keep_contact(new.pk, values=basket.contact_values())
    return RepeatedOrder(day, new, items, [*missing, *contents.vanished.values()])
