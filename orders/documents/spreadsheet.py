"""A table as a file for a spreadsheet: CSV for a French Excel, and XLSX."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from decimal import Decimal

import xlsxwriter
from django.utils import timezone
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from orders.presenters.tables import Cell, CellKind, Row, Table

FORMATS = {
    CellKind.COUNT: "0",
    CellKind.CENTS: '#,##0.00\\ "€"',
    CellKind.GRAMS: '#,##0.000\\ "kg"',
    CellKind.PERCENT: "0.0%",
    CellKind.DATE: "dd/mm/yyyy",
    CellKind.TIME: "dd/mm/yyyy hh:mm",
    CellKind.HOUR: "hh:mm",
}
TEXTS = {CellKind.DATE: "%d/%m/%Y", CellKind.TIME: "%d/%m/%Y %H:%M", CellKind.HOUR: "%H:%M"}
DIGITS = {CellKind.CENTS: 2, CellKind.GRAMS: 3, CellKind.PERCENT: 2}  # by which a figure of the CSV is scaled down
UNITS = {CellKind.CENTS: " (€)", CellKind.GRAMS: " (kg)", CellKind.PERCENT: " (%)"}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"
SHEET_NAME = 31  # characters, as Excel wants
NARROWEST, WIDEST = 8, 60  # characters


def table_csv(table: Table) -> bytes:
    """The dialect that a French Excel opens right by a double click: UTF-8 with BOM, semicolons, decimal commas, CRLF.

    Amounts are in euros, weights in kilograms, shares in per cent, dates as 28/11/2026, times as they are on the
    market's clock.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(column.title + UNITS.get(column.kind, "") for column in table.columns)
    for row in _all_rows(table):
        writer.writerow(_as_text(cell, column.kind) for cell, column in zip(row, table.columns, strict=True))
    return (BOM + out.getvalue()).encode()


def workbook(tables: Sequence[Table], title: str) -> bytes:
    """An XLSX with one sheet for each table: real figures, and no formula, whatever people typed."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": title})
        plain = {kind: book.add_format({"num_format": code}) for kind, code in FORMATS.items()}
        bold = {kind: book.add_format({"num_format": code, "bold": True, "top": 1}) for kind, code in FORMATS.items()}
        plain[CellKind.TEXT], bold[CellKind.TEXT] = book.add_format(), book.add_format({"bold": True, "top": 1})
        heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        for table in tables:
            _fill(book.add_worksheet(table.title[:SHEET_NAME]), table, heading, plain, bold)
    return out.getvalue()


def escape_formula(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula, with an apostrophe before it (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def _fill(
    sheet: Worksheet, table: Table, heading: Format, plain: dict[CellKind, Format], bold: dict[CellKind, Format]
) -> None:
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.title, heading)
        sheet.set_column(place, place, _width(table, place))
    for number, row in enumerate(table.rows, start=1):
        _write(sheet, number, table, row, plain)
    if table.totals:
        _write(sheet, len(table.rows) + 1, table, table.totals, bold)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _write(sheet: Worksheet, number: int, table: Table, row: Row, formats: dict[CellKind, Format]) -> None:
    for place, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
        if cell is None:
            sheet.write_blank(number, place, None, formats[column.kind])
        elif isinstance(cell, str):
            sheet.write_string(number, place, escape_formula(cell), formats[CellKind.TEXT])
        elif isinstance(cell, dt.date):
            sheet.write_datetime(number, place, _on_the_wall(cell, column.kind), formats[column.kind])
        else:
            sheet.write_number(number, place, _number(cell, column.kind), formats[column.kind])


def _width(table: Table, place: int) -> int:
    """What its longest cell takes; a heading may break into several lines."""
    column = table.columns[place]
    longest = max((len(_as_text(row[place], column.kind)) for row in _all_rows(table)), default=0)
    return min(max(longest + 3, max(map(len, column.title.split())) + 3, NARROWEST), WIDEST)


def _all_rows(table: Table) -> list[Row]:
    return [*table.rows, *([table.totals] if table.totals else [])]


def _as_text(cell: Cell, kind: CellKind) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return escape_formula(cell)
    if isinstance(cell, dt.date):
        return f"{_wall(cell):{TEXTS[kind]}}"
    return str(Decimal(cell).scaleb(-DIGITS.get(kind, 0))).replace(".", ",")


def _number(cell: int, kind: CellKind) -> Decimal:
    """Euros for cents, kilograms for grams; for basis points the part of one, which the format shows in per cent."""
    return Decimal(cell).scaleb(-4 if kind is CellKind.PERCENT else -DIGITS.get(kind, 0))


def _on_the_wall(cell: dt.date, kind: CellKind) -> dt.date | dt.time:
    """Spreadsheets know no time zones."""
    wall = _wall(cell)
    if not isinstance(wall, dt.datetime):
        return wall
    wall = wall.replace(tzinfo=None)
    return wall.time() if kind is CellKind.HOUR else wall.replace(second=0, microsecond=0)


def _wall(cell: dt.date) -> dt.date:
    """A time as the database gives it, in UTC, on the clock of the moment; one that has a clock of its own, on that."""
    return timezone.localtime(cell) if isinstance(cell, dt.datetime) and cell.tzinfo is dt.UTC else cell
