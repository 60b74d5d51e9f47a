"""What was ordered: by product, by kind of goods, and by rate of VAT."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marche.common.text import fold
from marche.markets.models import MarketDay
from orders import owed
from orders.models import LineDetail
from orders.presenters.summary import total_words
from orders.presenters.tables import Cell, CellKind, Column, Row, Table
from producers.kinds import GoodsKind
from producers.units import SaleUnit

WHOLE = 10_000  # basis points


@dataclass(frozen=True)
class Sale:
    """All lines of one listing that are not cancelled: units, grams (of what is priced by weight), cents with tax.

    `amount` was ordered, at the estimate; `due` is owed (see owed.py), `vat` within it and `grams` being of that.
    """

    listing: int
    stall: int | None
    producer: str
    vat_franchise: bool
    kind: str
    vat_bp: int
    title: str
    units: int
    missing_units: int
    amount: int
    missing: int
    grams: int | None
    due: int
    vat: int
    sale_unit: SaleUnit


def sales_of(day: MarketDay, numbers: dict[int, int], names: dict[int, str]) -> list[Sale]:
    """By stall, then by product. One query; `numbers`: the stalls, by the partner's key; `names`: by the producer's."""
    # Asked by its listings, a day is some hundred places in an index; by its parts it would be some thousand, and
    # PostgreSQL would rather read the lines of the whole season.
    lines = LineDetail.objects.filter(listing__day=day, part__cancelled_at=None).order_by()
    groups = lines.values(
        "listing",
        "vat_bp",
        "part__producer__partner",
        "part__producer",
        "part__vat_franchise",
        "listing__sheet__product__product_class__slug",
        *LineDetail.UNIT_FIELDS,
    ).annotate(
        product=Max("title"),
        units=Sum("quantity"),
        given=Sum(owed.UNITS),
        amount=Sum("amount_cents"),
        lost=Sum(owed.LOST),
        grams=Sum(owed.GRAMS),
        due=Sum(owed.DUE),
        vat=Sum(owed.VAT),
    )
    sales = [_sale(row, numbers, names) for row in groups]
    return sorted(sales, key=lambda sale: (sale.stall is None, sale.stall or 0, sale.producer, fold(sale.title)))


def products_table(sales: Sequence[Sale]) -> Table:
    columns = (
        Column("etal", _("Stall"), CellKind.COUNT, adds=False),
        Column("producteur", _("Producer")),
        Column("produit", _("Product")),
        Column("unites", _("Units"), CellKind.COUNT, adds=False),
        Column("quantite", _("Quantity")),
        Column("montant", _("Ordered"), CellKind.CENTS),
        Column("manquants", _("Missing units"), CellKind.COUNT, adds=False),
        Column("manquant", _("Missing amount"), CellKind.CENTS),
        Column("poids", _("Weight"), CellKind.GRAMS, adds=False),
        Column("du", _("Amount due"), CellKind.CENTS),
    )
    rows = [
        (
            sale.stall,
            sale.producer,
            sale.title,
            sale.units,
            total_words(sale.sale_unit, sale.units),
            sale.amount,
            sale.missing_units,
            sale.missing,
            sale.grams,
            sale.due,
        )
        for sale in sales
    ]
    note = _(
        "Units are what a basket counts: pieces, bunches, packs, or steps of a weight. Weight and amount due are of "
        "what was there, as weighed; until then as expected."
    )
    return Table("produits", _("Products"), columns, rows, note, _("Nothing was ordered."), sortable=True)


def categories_table(sales: Sequence[Sale]) -> Table:
    """From the kind that sold best on. The shares add up to the whole."""
    columns = (
        Column("categorie", _("Kind of goods")),
        Column("produits", _("Products"), CellKind.COUNT),
        Column("montant", _("Ordered"), CellKind.CENTS),
        Column("part", _("Share"), CellKind.PERCENT),
        Column("du", _("Amount due"), CellKind.CENTS),
    )
    by_kind: dict[str, list[Sale]] = {}
    for sale in sales:
        by_kind.setdefault(sale.kind, []).append(sale)
    found = [
        (kind, len({sale.listing for sale in group}), sum(sale.amount for sale in group), sum(s.due for s in group))
        for kind, group in by_kind.items()
    ]
    found.sort(key=lambda row: (-row[2], row[0]))
    parts = shares([amount for _kind, _count, amount, _due in found])
    rows = [
        (_kind_words(kind), count, amount, part, due)
        for (kind, count, amount, due), part in zip(found, parts, strict=True)
    ]
    return Table("categories", _("Kinds of goods"), columns, rows, empty=_("Nothing was ordered."))


def vat_table(sales: Sequence[Sale]) -> Table:
    """The sum of what each line holds, rounded once, on the line. Producers without VAT have a line of their own."""
    columns = (
        Column("taux", pgettext("column", "VAT rate"), CellKind.PERCENT, adds=False),
        Column("base", _("Without VAT"), CellKind.CENTS),
        Column("tva", _("VAT"), CellKind.CENTS),
        Column("ttc", _("With VAT"), CellKind.CENTS),
    )
    rates: dict[tuple[bool, int], list[Sale]] = {}
    for sale in sales:
        rates.setdefault((not sale.vat_bp and sale.vat_franchise, sale.vat_bp), []).append(sale)
    rows = [_vat_row(rates[key], is_franchise=key[0], rate_bp=key[1]) for key in sorted(rates)]
    note = _(
        "Of what is due: as weighed, without what was missing or taken off. Each producer’s own books say what it owes "
        "on what it took."
    )
    return Table("tva", _("VAT"), columns, rows, note, _("Nothing was ordered."))


def shares(amounts: Sequence[int]) -> list[int]:
    """What each amount is of the whole, in basis points that add up to 10 000 (or are 0 when all amounts are)."""
    whole, reached, parts = sum(amounts), 0, []
    for amount in amounts:
        before, reached = reached, reached + amount
        parts.append(_of(whole, reached) - _of(whole, before))
    return parts


def _of(whole: int, part: int) -> int:
    return (2 * part * WHOLE + whole) // (2 * whole) if whole else 0


def _sale(row: dict[str, Any], numbers: dict[int, int], names: dict[int, str]) -> Sale:
    partner = row["part__producer__partner"]
    return Sale(
        listing=row["listing"],
        stall=numbers.get(partner),
        producer=names[row["part__producer"]],
        vat_franchise=row["part__vat_franchise"],
        kind=row["listing__sheet__product__product_class__slug"],
        vat_bp=row["vat_bp"],
        title=row["product"],
        units=row["units"],
        missing_units=row["units"] - row["given"],
        amount=row["amount"],
        missing=int(row["lost"]),
        grams=row["grams"],
        due=row["due"],
        vat=int(row["vat"]),
        sale_unit=LineDetail(**{name: row[name] for name in LineDetail.UNIT_FIELDS}),
    )


def _vat_row(sales: Sequence[Sale], *, is_franchise: bool, rate_bp: int) -> Row:
    amount, vat = sum(sale.due for sale in sales), sum(sale.vat for sale in sales)
    return _rate(rate_bp, is_franchise=is_franchise), amount - vat, vat, amount


def _rate(rate_bp: int, *, is_franchise: bool) -> Cell:
    if is_franchise:
        return _("VAT not applicable, article 293 B of the CGI")
    return rate_bp or _("VAT not applicable, article 294 of the CGI")


def _kind_words(slug: str) -> str:
    return str(GoodsKind(slug).label) if slug in GoodsKind.values else slug
