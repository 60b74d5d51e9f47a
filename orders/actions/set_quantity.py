"""A resident says how much of a product the basket of a day holds; none takes it out."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from marche.money import to_euros
from orders.baskets import Item
from orders.models import DayBasket, new_token
from orders.refusals import Problem, Refused
from producers.models import Listing

Basket = get_model("basket", "Basket")
BasketLine = get_model("basket", "Line")
StockRecord = get_model("partner", "StockRecord")


def set_quantity(visitor: str | None, listing_id: int, quantity: int) -> tuple[DayBasket | None, Item]:
    """Set the line of a listing to `quantity` units and return the basket and the line. A double click does no harm.

    A new visitor gets a basket, whose `visitor` goes into the cookie; none is made to hold nothing. Raises Refused,
    changing nothing, when the day takes no orders or less is left than is wanted, and Listing.DoesNotExist.
    """
    listing = Listing.objects.whole().get(pk=listing_id)
    item = Item(listing, quantity)
    if not listing.day.is_open:
        raise Refused(Problem("closed", _("Orders for this market day are closed.")))
    if item.problem:
        raise Refused(item.problem)
    with transaction.atomic(durable=True):
        basket = _open_basket(visitor, listing, make=quantity > 0)
        if basket and quantity:
            write_line(basket, item)
        elif basket:
            BasketLine.objects.filter(basket=basket.pk, product=listing.sheet_id).delete()
    return basket, item


def write_line(basket: DayBasket, item: Item) -> None:
    """Set a line of the basket to `item`, in one statement, with the price as the resident sees it now."""
    listing = item.listing
    stockrecord = item.stockrecord_id or StockRecord.objects.values_list("pk", flat=True).get(product=listing.sheet_id)
    line = BasketLine(
        basket_id=basket.pk,
        line_reference=f"{listing.sheet_id}_{stockrecord}",
        product_id=listing.sheet_id,
        stockrecord_id=stockrecord,
        quantity=item.quantity,
        price_incl_tax=to_euros(listing.price_cents),
    )
    BasketLine.objects.bulk_create(
        [line],
        update_conflicts=True,
        unique_fields=["basket", "line_reference"],
        update_fields=["quantity", "price_incl_tax"],
    )


def _open_basket(visitor: str | None, listing: Listing, *, make: bool) -> DayBasket | None:
    """The visitor's open basket of the day; two first clicks at once meet on the unique constraint, and share it."""
    found = DayBasket.objects.filter(visitor=visitor or "", day=listing.day_id, open=True).first()
    if found or not make:
        return found
    visitor = visitor or new_token()
    made, _new = DayBasket.objects.get_or_create(
        visitor=visitor, day=listing.day, open=True, defaults={"basket": Basket.objects.create}
    )
    return made
