"""A resident says how much of a product the basket of a day holds; none takes it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from oscar.core.loading import get_model

from orders.baskets import Item
from orders.models import DayBasket, SeenLine, new_token
from orders.refusals import Refused, day_problem
from orders.seen import Seen
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
    listing = Listing.objects.for_basket().with_vat().select_related("day__market").get(pk=listing_id)
    item = Item(listing, quantity)
    if not listing.day.is_open:
        raise Refused(day_problem(listing.day))
    if item.problem:
        raise Refused(item.problem)
    with transaction.atomic(durable=True):
        basket = open_basket(visitor, listing.day, make=quantity > 0)
        if basket and quantity:
            write_lines(basket, [item])
        elif basket:
            BasketLine.objects.filter(basket=basket.pk, product=listing.sheet_id).delete()
    return basket, item


def write_lines(basket: DayBasket, items: Sequence[Item], *, seen: Mapping[int, Seen] | None = None) -> None:
    """Set lines of the basket to `items`, in two statements.

    What was seen of a line that is there already is kept, so that a change is told until it is agreed to. `seen` (by
    the key of the sheet) is noted in its place: what the resident agrees to now, or knows from elsewhere.
    """
    unknown = [item.listing.sheet_id for item in items if not item.stockrecord_id]
    stockrecords = dict(StockRecord.objects.filter(product__in=unknown).values_list("product", "pk"))
    lines = BasketLine.objects.bulk_create(
        [_line(basket, item, item.stockrecord_id or stockrecords[item.listing.sheet_id]) for item in items],
        update_conflicts=True,
        unique_fields=["basket", "line_reference"],
        update_fields=["quantity"],
    )
    rows = [
        _seen_line(line, seen[line.product_id] if seen else item.now) for line, item in zip(lines, items, strict=True)
    ]
    if seen:
        names = ["title", "price_cents", *SeenLine.UNIT_FIELDS]
        SeenLine.objects.bulk_create(rows, update_conflicts=True, unique_fields=["line"], update_fields=names)
    else:
        SeenLine.objects.bulk_create(rows, ignore_conflicts=True)


def _line(basket: DayBasket, item: Item, stockrecord_id: int) -> Any:
    return BasketLine(
        basket_id=basket.pk,
        line_reference=f"{item.listing.sheet_id}_{stockrecord_id}",
        product_id=item.listing.sheet_id,
        stockrecord_id=stockrecord_id,
        quantity=item.quantity,
    )


def _seen_line(line: Any, seen: Seen) -> SeenLine:
    return SeenLine(line=line, title=seen.title, price_cents=seen.price_cents, **seen.unit.unit_values())


def open_basket(visitor: str | None, day: MarketDay, *, make: bool) -> DayBasket | None:
    """The visitor's open basket of the day; two first clicks at once meet on the unique constraint, and share it."""
    found = DayBasket.objects.filter(visitor=visitor or "", day=day, open=True).first()
    if found or not make:
        return found
    made, _new = DayBasket.objects.get_or_create(
        visitor=visitor or new_token(), day=day, open=True, defaults={"basket": Basket.objects.create}
    )
    return made
