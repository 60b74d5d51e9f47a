"""A resident says how much of a product the basket of a day holds; none takes it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from oscar.core.loading import get_model

from marche.money import to_euros
from orders.baskets import Item
from orders.models import DayBasket, new_token
from orders.refusals import Refused, day_problem
from producers.models import Listing

if TYPE_CHECKING:
    from marche.markets.models import MarketDay

Basket = get_model("basket", "Basket")
BasketLine = get_model("basket", "Line")
StockRecord = get_model("partner", "StockRecord")


def set_quantity(visitor: str | None, listing_id: int, quantity: int) -> tuple[DayBasket | None, Item]:
    """Set the line of a listing to `quantity` units and return the basket and the line. A double click does no harm.

    A new visitor gets a basket, whose `visitor` goes into the cookie; none is made to hold nothing. Raises Refused,
    changing nothing, when the day takes no orders or less is left than is wanted, and Listing.DoesNotExist.
    """
    listing = Listing.objects.for_basket().select_related("day__market").get(pk=listing_id)
    item = Item(listing, quantity)
    if not listing.day.is_open:
        raise Refused(day_problem(listing.day))
    if item.problem:
        raise Refused(item.problem)
    with transaction.atomic(durable=True):
        basket = open_basket(visitor, listing.day, make=quantity > 0)
        if basket and quantity:
            write_line(basket, item)
        elif basket:
            BasketLine.objects.filter(basket=basket.pk, product=listing.sheet_id).delete()
    return basket, item


def write_line(basket: DayBasket, item: Item) -> None:
    """Set a line of the basket to `item`, in one statement, with the price as the resident sees it now."""
    write_lines(basket, [item])


def write_lines(basket: DayBasket, items: Sequence[Item], *, seen_cents: Mapping[int, int] | None = None) -> None:
    """The same for many, in one statement. `seen_cents` (by listing): the prices that were seen, if not now's."""
    unknown = [item.listing.sheet_id for item in items if not item.stockrecord_id]
    stockrecords = dict(StockRecord.objects.filter(product__in=unknown).values_list("product", "pk"))
    seen = seen_cents or {}
    BasketLine.objects.bulk_create(
        [
            _line(basket, item, item.stockrecord_id or stockrecords[item.listing.sheet_id], seen.get(item.listing.pk))
            for item in items
        ],
        update_conflicts=True,
        unique_fields=["basket", "line_reference"],
        update_fields=["quantity", "price_incl_tax"],
    )


def _line(basket: DayBasket, item: Item, stockrecord_id: int, seen_cents: int | None) -> Any:
    listing = item.listing
    return BasketLine(
        basket_id=basket.pk,
        line_reference=f"{listing.sheet_id}_{stockrecord_id}",
        product_id=listing.sheet_id,
        stockrecord_id=stockrecord_id,
        quantity=item.quantity,
        price_incl_tax=to_euros(listing.price_cents if seen_cents is None else seen_cents),
    )


def open_basket(visitor: str | None, day: MarketDay, *, make: bool) -> DayBasket | None:
    """The visitor's open basket of the day; two first clicks at once meet on the unique constraint, and share it."""
    found = DayBasket.objects.filter(visitor=visitor or "", day=day, open=True).first()
    if found or not make:
        return found
    made, _new = DayBasket.objects.get_or_create(
        visitor=visitor or new_token(), day=day, open=True, defaults={"basket": Basket.objects.create}
    )
    return made
