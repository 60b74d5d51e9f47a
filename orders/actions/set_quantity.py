"""A resident says how much of a product the basket of a day holds; none takes it out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from marche.common.refusals import Problem
from marche.shop.oscar import Basket, BasketLine, StockRecord
from orders.locks import lock_open_basket
from orders.models import DayBasket, SeenLine, new_token
from orders.presenters.basket import Item
from orders.presenters.seen import Seen
from orders.refusals import LineRefused, day_problem
from producers.catalogue.cards import MOST_UNITS
from producers.models import Listing
from producers.wording import quantity_words

if TYPE_CHECKING:
    from marche.markets.models import MarketDay


class LineSet(NamedTuple):
    """The line as it is now, in a basket: none was made to hold nothing."""

    basket: DayBasket | None
    item: Item


def set_quantity(listing_id: int, *, visitor: str | None, quantity: int, known: Collection[int] = ()) -> LineSet:
    """Set the line of a listing to `quantity` units and return the basket and the line. A double click does no harm.

    `known`: what the line may hold as far as the page knew that asks; when it holds something else, another page has
    changed it since, and it stays. Nothing is in the way of holding less. A new visitor gets a basket, whose `visitor`
    goes into the cookie; none is made to hold nothing. Raises LineRefused, changing nothing, and Listing.DoesNotExist.
    """
    listing = Listing.objects.for_basket().with_vat().select_related("day__market").get(pk=listing_id)
    item = Item(listing, quantity)
    with transaction.atomic(durable=True):
        basket = open_basket(visitor, listing.day, make=quantity > 0)
        held = _held(basket, listing)
        _check(item, held, known)
        if basket and quantity:
            write_lines(basket, [item])
        elif basket and held:
            BasketLine.objects.filter(basket=basket.pk, product=listing.sheet_id).delete()
    return LineSet(basket, item)


def _held(basket: DayBasket | None, listing: Listing) -> int:
    """Units in the basket, which is locked."""
    if basket is None:
        return 0
    lines = BasketLine.objects.filter(basket=basket.pk, product=listing.sheet_id)
    return lines.values_list("quantity", flat=True).first() or 0


def _check(item: Item, held: int, known: Collection[int]) -> None:
    """Raise LineRefused when the line, that holds `held`, can't become `item`."""
    if known and held not in {*known, item.quantity}:
        raise LineRefused(Problem("newer", _newer_words(item.listing, held), item.listing.pk), held, newer=True)
    if item.quantity < held or not item.quantity:
        return
    if not item.listing.day.is_open:
        raise LineRefused(day_problem(item.listing.day), held)
    problem = item.problem
    if item.quantity > MOST_UNITS and item.listing.remaining >= MOST_UNITS:
        problem = Problem("too-many", _("A basket holds at most 99 of one product."))
    if problem:
        most = min(item.listing.remaining, MOST_UNITS)
        raise LineRefused(problem, held, offer=most if most and most != held else None)


def _newer_words(listing: Listing, held: int) -> str:
    if held:
        words = _("%(product)s: changed on another page, your basket holds %(held)s by now. Nothing was changed.")
    else:
        words = _("%(product)s: changed on another page, it is not in your basket any more. Nothing was changed.")
    return words % {"product": listing.sheet.title, "held": quantity_words(listing, held)}


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
    """The visitor's open basket of the day, locked.

    Two first clicks at once meet on the unique constraint, and share it.
    """
    found = lock_open_basket(visitor, day.pk) if visitor else None
    if found or not make:
        return found
    made, is_new = DayBasket.objects.get_or_create(
        visitor=visitor or new_token(), day=day, open=True, defaults={"basket": Basket.objects.create}
    )
    return made if is_new else open_basket(made.visitor, day, make=True)
