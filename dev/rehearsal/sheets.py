"""The tables of the report as a reader's programs read them: CSV with a strict dialect, XLSX from its own XML."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from xml.etree import ElementTree

from dev.rehearsal.notes import Notes

# The tables of the report in the order of its sheets, with their columns. To look at one more is a line more.
TABLES: dict[str, tuple[str, ...]] = {
    "chiffres": (
        "orders", "cap", "taken places", "places", "parts", "handed over", "not handed over", "ordered", "missing",
        "due", "taken", "difference", "to pay", "amount not handed over",
    ),
    "commandes": ("from", "orders", "until then", "cancelled", "ordered"),
    "creneaux": ("from", "to", "places", "orders", "filling", "ordered", "collected", "due"),
    "producteurs": (
        "stall", "producer", "parts", "ordered", "handed over", "missing", "cash", "cheque", "card", "online",
        "difference", "to pay", "not handed over", "amount not handed over", "due",
    ),
    "paiements": ("means", "stall", "producer", "payments", "due", "taken", "difference"),
    "non-retirees": ("order", "name", "telephone", "slot", "stall", "producer", "amount", "paid"),
    "produits": (
        "stall", "producer", "product", "units", "words", "ordered", "missing units", "missing", "weight", "due",
    ),
    "categories": ("category", "products", "ordered", "share", "due"),
    "tva": ("rate", "base", "vat", "due"),
    "messages": ("message", "sent", "waiting", "failed"),
    "messages-en-echec": ("message", "to", "address", "why"),
}  # fmt: skip
WITHOUT_TOTALS = ("chiffres", "messages-en-echec")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001  (spreadsheets know no time zones)
_HAIR = Decimal("0.001")  # of a minute, which a fraction of a day may fall short of
_FIGURE = re.compile(r"-?\d+(,\d+)?")

Cell = str | Decimal


@dataclass(frozen=True)
class Table:
    """`rows` without heading and totals. A cell is a text, or a figure; "" is nothing."""

    headings: list[str]
    rows: list[list[Cell]]
    totals: list[Cell]

    def column(self, place: int) -> list[Decimal]:
        return [cell for row in self.rows if isinstance(cell := row[place], Decimal)]


# Columns of words, where a figure is a word too.
TEXTS = {
    "producer", "name", "telephone", "product", "words", "means", "category", "message", "to", "address", "why",
}  # fmt: skip


def table_of(slug: str, lines: list[list[Cell]]) -> Table:
    headings, *rows = lines or [[]]
    totals = rows.pop() if rows and slug not in WITHOUT_TOTALS else []
    return Table([str(heading) for heading in headings], rows, totals)


def read_csv(slug: str, content: bytes) -> Table:
    """What looks like a figure is one, all else is text."""
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";", strict=True)
    columns = TABLES[slug]
    lines: list[list[Cell]] = [list(next(rows, []))]
    lines += ([_cell(cell, is_text=name in TEXTS) for name, cell in zip(columns, row, strict=True)] for row in rows)
    return table_of(slug, lines)


def read_workbook(content: bytes, notes: Notes) -> dict[str, Table]:
    """All sheets, told apart by their order. A formula anywhere is a difference."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        strings = ["".join(si.itertext()) for si in _xml(book, "xl/sharedStrings.xml")]
        formats = _formats(_xml(book, "xl/styles.xml"))
        sheets = len(_xml(book, "xl/workbook.xml").findall(f"{_MAIN}sheets/{_MAIN}sheet"))
        notes.same("the workbook: its sheets", sheets, len(TABLES))
        found = {}
        for number, slug in enumerate(TABLES, start=1):
            sheet = _xml(book, f"xl/worksheets/sheet{number}.xml")
            notes.same(f"the workbook: formulas in {slug}", len(sheet.findall(f".//{_MAIN}f")), 0)
            rows = [_row(row, strings, formats, len(TABLES[slug])) for row in sheet.iter(f"{_MAIN}row")]
            found[slug] = table_of(slug, rows)
    return found


def _xml(book: zipfile.ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(book.read(name))  # noqa: S314  (our own program wrote it)


def _formats(styles: ElementTree.Element) -> list[str]:
    """The number format of each style, "" for those that every program knows."""
    own = {f.get("numFmtId"): f.get("formatCode", "") for f in styles.iter(f"{_MAIN}numFmt")}
    return [own.get(style.get("numFmtId"), "") for style in styles.findall(f"{_MAIN}cellXfs/{_MAIN}xf")]


def _row(row: ElementTree.Element, strings: list[str], formats: list[str], width: int) -> list[Cell]:
    cells: list[Cell] = [""] * width
    for cell in row:
        value = cell.findtext(f"{_MAIN}v")
        if value is None:
            continue
        is_text = cell.get("t") == "s"
        shown = _cell(strings[int(value)], is_text=True) if is_text else _shown(value, formats[int(cell.get("s", 0))])
        cells[_place(cell.get("r", "A"))] = shown
    return cells


def _place(reference: str) -> int:
    """Of "B7", from 0 on: no table of ours is wider than the alphabet."""
    return ord(reference[0]) - ord("A")


def _shown(value: str, style: str) -> Cell:
    """A figure as its format shows it, and times as our CSV files write them."""
    if "%" in style:
        return Decimal(value) * 100
    if "hh" in style:
        moment = _EPOCH + dt.timedelta(minutes=int(Decimal(value) * 24 * 60 + _HAIR))
        return f"{moment:%d/%m/%Y %H:%M}" if "yyyy" in style else f"{moment:%H:%M}"
    return Decimal(value)


def _cell(text: str, *, is_text: bool = False) -> Cell:
    """Without the apostrophe that keeps a spreadsheet from taking a cell for a formula."""
    if not is_text and _FIGURE.fullmatch(text):
        return Decimal(text.replace(",", "."))
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text
