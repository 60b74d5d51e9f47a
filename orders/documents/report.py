"""The report of a market day as files: each table as CSV or XLSX, and all of them as one workbook."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from decimal import Decimal

import xlsxwriter
from django.utils import timezone
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from marche.money import to_euros
from orders.documents.table import csv_file, harmless
from orders.report.tables import Cell, Kind, Row, Table

FORMATS = {
    Kind.COUNT: "0",
    Kind.CENTS: '#,##0.00\\ "€"',
    Kind.PERCENT: "0.0%",
    Kind.TIME: "dd/mm/yyyy hh:mm",
    Kind.HOUR: "hh:mm",
}
SHEET_NAME = 31  # characters, as Excel wants
NARROWEST, WIDEST = 8, 60  # characters
UNITS = {Kind.CENTS: " (€)", Kind.PERCENT: " (%)"}


def table_csv(table: Table) -> bytes:
    """Amounts in euros and shares in per cent, both with a point; times as they are on the market's clock."""
    headings = [column.title + UNITS.get(column.kind, "") for column in table.columns]
    kinds = [column.kind for column in table.columns]
    rows = [[_as_text(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in _all_rows(table)]
    return csv_file([headings, *rows])


def workbook(tables: Sequence[Table], title: str) -> bytes:
    """An XLSX with one sheet for each table: real figures, and no formula, whatever people typed."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": title})
        plain = {kind: book.add_format({"num_format": code}) for kind, code in FORMATS.items()}
        bold = {kind: book.add_format({"num_format": code, "bold": True, "top": 1}) for kind, code in FORMATS.items()}
        plain[Kind.TEXT], bold[Kind.TEXT] = book.add_format(), book.add_format({"bold": True, "top": 1})
        heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        for table in tables:
            _fill(book.add_worksheet(table.title[:SHEET_NAME]), table, heading, plain, bold)
    return out.getvalue()


def _fill(sheet: Worksheet, table: Table, heading: Format, plain: dict[Kind, Format], bold: dict[Kind, Format]) -> None:
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.title, heading)
        sheet.set_column(place, place, _width(table, place))
    for number, row in enumerate(table.rows, start=1):
        _write(sheet, number, table, row, plain)
    if table.totals:
        _write(sheet, len(table.rows) + 1, table, table.totals, bold)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _write(sheet: Worksheet, number: int, table: Table, row: Row, formats: dict[Kind, Format]) -> None:
    for place, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
        if cell is None:
            sheet.write_blank(number, place, None, formats[column.kind])
        elif isinstance(cell, str):
            sheet.write_string(number, place, harmless(cell), formats[Kind.TEXT])
        elif isinstance(cell, dt.datetime):
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


def _as_text(cell: Cell, kind: Kind) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, dt.datetime):
        moment = timezone.localtime(cell)
        return f"{moment:%H:%M}" if kind is Kind.HOUR else f"{moment:%Y-%m-%d %H:%M}"
    return str(to_euros(cell)) if kind in (Kind.CENTS, Kind.PERCENT) else str(cell)


def _number(cell: int, kind: Kind) -> Decimal | int:
    """Euros for cents; the part of one for basis points, which the cell's format shows in per cent."""
    if kind is Kind.CENTS:
        return to_euros(cell)
    return Decimal(cell).scaleb(-4) if kind is Kind.PERCENT else cell


def _on_the_wall(moment: dt.datetime, kind: Kind) -> dt.datetime | dt.time:
    """Spreadsheets know no time zones."""
    wall = timezone.localtime(moment).replace(tzinfo=None)
    return wall.time() if kind is Kind.HOUR else wall.replace(second=0, microsecond=0)
