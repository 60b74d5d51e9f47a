"""A producer fills in what it offers on one market day: one grid, saved whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marche.common.money import MAX_PRICE_CENTS
from marche.common.refusals import Problem, Refused
from marche.markets.models import MarketDay
from producers.kinds import GoodsKind
from producers.locks import lock_offer
from producers.models import Listing, Producer, ProductSheet, VatRate

MAX_QUANTITY = 9_999
Rated = frozenset[int]


@dataclass(frozen=True)
class OfferRow:
    """One line of the grid, as typed. `price_cents` as in Listing; `quantity` in units; None where nothing is typed."""

    sheet_id: int
    on: bool
    price_cents: int | None
    quantity: int | None


def save_offer(day_id: int, *, producer: Producer, rows: Sequence[OfferRow]) -> int:
    """Save these lines of the producer's offer and return the number of listings that changed; the others stay.

    Lines that are off, never listed and half empty are passed over. Raises Refused, for each line at fault with a
    problem about its sheet at the field "on", "price" or "quantity", and ProductSheet.DoesNotExist for a sheet of
    somebody else.
    """
    with transaction.atomic(durable=True):
        listings = lock_offer(producer, day_id)
        day = MarketDay.objects.select_related("market").get(pk=day_id)
        _refuse_when_too_late(day)
        sheets = _sheets(producer, rows)
        rated = kinds_with_rate(day)
        problems = [problem for row in rows if (problem := _problem(row, sheets, listings, day, rated))]
        if problems:
            raise Refused(*problems)
        changed = [listing for row in rows if (listing := _apply(row, sheets, listings, day))]
        Listing.objects.bulk_create([listing for listing in changed if listing.pk is None])
        Listing.objects.bulk_update(
            [listing for listing in changed if listing.sheet_id in listings],
            [*Listing.UNIT_FIELDS, "price_cents", "quantity", "on", "updated_at"],
        )
        if changed:
            MarketDay.objects.filter(pk=day_id).update(catalogue_version=F("catalogue_version") + 1)
    return len(changed)


def _refuse_when_too_late(day: MarketDay) -> None:
    if day.cancelled_at:
        raise Refused(Problem("cancelled", _("This market day is cancelled: its offer can’t change any more.")))
    if not day.is_before_cutoff():
        raise Refused(Problem("closed", _("Orders are closed: this offer can’t change any more.")))


def _sheets(producer: Producer, rows: Sequence[OfferRow]) -> dict[int, ProductSheet]:
    sheets = ProductSheet.objects.of(producer).with_related().in_bulk([row.sheet_id for row in rows])
    if len(sheets) != len({row.sheet_id for row in rows}):
        raise ProductSheet.DoesNotExist
    return sheets


def _problem(
    row: OfferRow, sheets: dict[int, ProductSheet], listings: dict[int, Listing], day: MarketDay, rated: Rated
) -> Problem | None:
    listing = listings.get(row.sheet_id)
    if listing and row.quantity is not None and row.quantity < listing.reserved:
        return _at("quantity", row, below_reserved(listing.reserved))
    if not row.on:
        return None
    if reason := why_not_sold(sheets[row.sheet_id], day, rated):
        return _at("on", row, reason)
    if row.price_cents is None:
        return _at("price", row, _("Write the price, or take the product off sale."))
    if not 0 < row.price_cents <= MAX_PRICE_CENTS:
        return _at("price", row, _("The price must be more than zero and at most 1,000 €."))
    unit = listing if listing and listing.reserved else sheets[row.sheet_id]
    if not unit.line_cents(row.price_cents, 1):
        return _at("price", row, _("At this price one unit costs less than a cent: it can’t be sold."))
    if not row.quantity:
        return _at("quantity", row, _("Write how many you bring, or take the product off sale."))
    if not 0 < row.quantity <= MAX_QUANTITY:
        return _at("quantity", row, _("The quantity must be a whole number between 1 and 9,999."))
    return None


def _at(field: str, row: OfferRow, sentence: str) -> Problem:
    return Problem(field, sentence, row.sheet_id, field)


def below_reserved(reserved: int) -> str:
    return ngettext(
        "%(count)s is reserved already: the quantity can’t go below.",
        "%(count)s are reserved already: the quantity can’t go below.",
        reserved,
    ) % {"count": reserved}


def kinds_with_rate(day: MarketDay) -> Rated:
    """The product classes that have a VAT rate on this day."""
    return frozenset(VatRate.objects.on(day).values_list("product_class", flat=True))


def why_not_sold(sheet: ProductSheet, day: MarketDay, rated: Rated) -> str:
    """Why this product may not be on sale on this day, as a sentence; empty when it may. `rated`: kinds_with_rate."""
    if sheet.kind is None:
        return _("The site does not know the kind of this product: choose one on its sheet.")
    if sheet.product.product_class_id not in rated:
        return _("No VAT rate is known for “%(kind)s” on this day: tell the market.") % {"kind": sheet.kind.label}
    if sheet.missing:
        return _("The product sheet is incomplete: %(fields)s.") % {"fields": ", ".join(sheet.missing_labels)}
    if sheet.archived:
        return _("This product is archived: restore its sheet to sell it again.")
    if sheet.kind is GoodsKind.ALCOHOL and not day.market.sells_alcohol:
        return _("This market does not sell alcohol.")
    return ""


def _apply(
    row: OfferRow, sheets: dict[int, ProductSheet], listings: dict[int, Listing], day: MarketDay
) -> Listing | None:
    """The listing with this line's values if anything changes, else None."""
    sheet, listing = sheets[row.sheet_id], listings.get(row.sheet_id)
    if listing is None:
        if not (row.price_cents and row.quantity):
            return None
        # Typed but not switched on: it is kept, off, rather than lost.
        listing = Listing(day=day, producer_id=sheet.producer_id, sheet=sheet, price_cents=0, quantity=0)
    before = _values(listing)
    listing.on = row.on
    listing.price_cents = row.price_cents or listing.price_cents
    listing.quantity = listing.quantity if row.quantity is None else row.quantity
    if not listing.reserved:
        # What somebody ordered keeps its unit; before that, the sheet's latest word counts.
        for name, value in sheet.unit_values().items():
            setattr(listing, name, value)
    listing.updated_at = timezone.now()
    return listing if _values(listing) != before else None


def _values(listing: Listing) -> tuple[object, ...]:
    return listing.on, listing.price_cents, listing.quantity, listing.unit_values()
