"""Tables for a spreadsheet, as text: the dialect of all our CSV files, and a producer's summary in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from marche.money import to_euros
from orders.documents.summary import slot_words
from orders.models import Shortage, Summary

Row = dict[str, Any]
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def summary_csv(summary: Summary) -> bytes:
    """One table: rows "total" first, then rows "order"; amounts in euros with a point."""
    return csv_file([_header(), *([harmless(str(cell)) for cell in row] for row in _rows(summary.data))])


def csv_file(rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 without BOM, RFC 4180. Texts that people typed must be `harmless` before."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()


def harmless(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula, with an apostrophe before it (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def _header() -> list[str]:
    return [
        _("list"),
        _("slot"),
        _("number"),
        _("first name"),
        _("code"),
        _("product"),
        _("units"),
        _("quantity"),
        _("amount (€)"),
        _("at most (€)"),
        _("if something is missing"),
        _("note"),
        _("telephone"),
    ]


def _rows(data: Row) -> Iterator[list[Any]]:
    for total in data["totals"]:
        yield [_("total"), "", "", "", "", *_goods(total), "", "", ""]
    for slot in data["slots"]:
        for order in slot["orders"]:
            who = [_("order"), slot_words(slot), order["number"], order["first_name"], order["code"]]
            wish = [Shortage(order["shortage"]).label, order["note"], order["phone"]]
            yield from ([*who, *_goods(line), *wish] for line in order["lines"])


def _goods(row: Row) -> list[Any]:
    amounts = [to_euros(row["amount_cents"]), to_euros(row["max_cents"])]
    return [row["title"], row["quantity"], row["words"], *amounts]
