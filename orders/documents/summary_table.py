"""A producer's summary as one table, for a spreadsheet."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from orders.documents.summary import slot_words
from orders.models import Shortage, Summary
from orders.presenters.tables import Cell, CellKind, Column, Row, Table

Goods = dict[str, Any]


def summary_table(summary: Summary) -> Table:
    """Rows "total" first, then rows "order" in packing order: a filter on the first column shows either."""
    columns = (
        Column("liste", _("list")),
        Column("creneau", _("slot")),
        Column("numero", _("number"), CellKind.COUNT, adds=False),
        Column("prenom", _("first name")),
        Column("code", _("code")),
        Column("produit", _("product")),
        Column("unites", _("units"), CellKind.COUNT, adds=False),
        Column("quantite", _("quantity")),
        Column("poids", _("weight"), CellKind.GRAMS, adds=False),
        Column("montant", _("amount"), CellKind.CENTS, adds=False),
        Column("maximum", _("at most"), CellKind.CENTS, adds=False),
        Column("manquant", _("if something is missing")),
        Column("note", _("note")),
        Column("telephone", _("telephone")),
    )
    return Table("recapitulatif", _("Summary"), columns, _rows(summary.data))


def _rows(data: dict[str, Any]) -> list[Row]:
    rows: list[Row] = [(_("total"), "", None, "", "", *_goods(total), "", "", "") for total in data["totals"]]
    for slot in data["slots"]:
        for order in slot["orders"]:
            who = (_("order"), slot_words(slot), order["number"], order["first_name"], order["code"])
            wish = (str(Shortage(order["shortage"]).label), order["note"], order["phone"])
            rows += [(*who, *_goods(line), *wish) for line in order["lines"]]
    return rows


def _goods(row: Goods) -> tuple[Cell, ...]:
    """A summary that was made before lines had their weight says it in words only."""
    return row["title"], row["quantity"], row["words"], row.get("grams"), row["amount_cents"], row["max_cents"]
