"""Files that people have downloaded, opened again as a strict reader does."""

from __future__ import annotations

import csv
import io
import zipfile
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

from playwright.sync_api import Locator

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
Rows = list[list[str]]


def download(link: Locator) -> tuple[str, bytes]:
    """Press the link: (the name of the file, what is in it)."""
    with link.page.expect_download() as started:
        link.click()
    return started.value.suggested_filename, Path(started.value.path()).read_bytes()


def csv_rows(content: bytes) -> Rows:
    """As a French Excel reads it: UTF-8 with BOM, semicolons, lines that end in CRLF, all of them equally long."""
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\n") == content.count(b"\r\n")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";", strict=True))
    assert len({len(row) for row in rows}) == 1
    return rows


def xlsx_sheets(content: bytes) -> list[Rows]:
    """Each sheet as rows of texts and figures, the empty cells as ""; no cell calculates."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert book.testzip() is None
        shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314 (we made it)
        names = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        sheets = [ElementTree.fromstring(book.read(name)) for name in sorted(names, key=lambda n: (len(n), n))]  # noqa: S314
    texts = ["".join(part.text or "" for part in item.iter(f"{MAIN}t")) for item in shared]
    assert not any(list(sheet.iter(f"{MAIN}f")) for sheet in sheets)
    return [
        [[_cell(cell, texts) for cell in row.iter(f"{MAIN}c")] for row in sheet.iter(f"{MAIN}row")] for sheet in sheets
    ]


def _cell(cell: ElementTree.Element, texts: list[str]) -> str:
    value = cell.findtext(f"{MAIN}v", "")
    return texts[int(value)] if cell.get("t") == "s" else value


def figure(words: str) -> Decimal | None:
    """The figure of a cell, on the page or in a file: "−3,09 €" and "-3.09" alike; a dash is zero, nothing is None."""
    plain = words.strip("€% \xa0\n").replace("\u202f", "").replace("\xa0", "").replace("−", "-").replace(",", ".")
    return Decimal(plain.replace("–", "0")) if plain else None
