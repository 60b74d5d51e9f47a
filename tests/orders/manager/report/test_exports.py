"""The files of the report, opened again as their readers would."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.test import Client

from orders.manager.report.report import report_of
from tests import cast
from tests.orders.manager.people import url
from tests.orders.manager.report.saturday import Orders, Saturday
from tests.spreadsheets import csv_rows

pytestmark = pytest.mark.django_db

SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
Cells = dict[str, tuple[str, str]]


def csv_of(manager: Client, saturday: Saturday, slug: str) -> list[list[str]]:
    response = manager.get(url(saturday.day, f"bilan/{slug}.csv"))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return csv_rows(response.content)


def sheets(content: bytes) -> list[ElementTree.Element]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert book.testzip() is None
        names = sorted(
            (name for name in book.namelist() if name.startswith("xl/worksheets/sheet")), key=lambda n: (len(n), n)
        )
        return [ElementTree.fromstring(book.read(name)) for name in names]  # noqa: S314 (we made it)


def cells(content: bytes, place: int = 0) -> Cells:
    """{"B2": (its type, its value)} of one sheet: type "s" is a text, "n" a figure."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314 (we made it)
    texts = ["".join(part.text or "" for part in item.iter(f"{SPREADSHEET}t")) for item in shared]
    found = {}
    for cell in sheets(content)[place].iter(f"{SPREADSHEET}c"):
        value, kind = cell.findtext(f"{SPREADSHEET}v", ""), cell.get("t", "n")
        found[cell.attrib["r"]] = (kind, texts[int(value)] if kind == "s" else value)
    return found


def xlsx(manager: Client, saturday: Saturday, rest: str) -> bytes:
    return manager.get(url(saturday.day, rest)).content


def test_csv_begins_with_the_mark_by_which_excel_knows_its_letters_and_ends_its_lines_as_the_standard_says(
    manager: Client, market_day: Saturday, collected: Orders
) -> None:
    content = manager.get(url(market_day.day, "bilan/producteurs.csv")).content

    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    assert content.count(b"\n") == content.count(b"\r\n") == 4


def test_csv_gives_amounts_in_euros_with_a_comma_and_a_total(
    manager: Client, market_day: Saturday, collected: Orders
) -> None:
    header, *rows, total = csv_of(manager, market_day, "producteurs")

    assert [row[3] for row in rows] == ["18,98", "8,50"]
    assert (total[3], total[8], total[10], total[11]) == ("27,48", "15,00", "-0,68", "8,50")
    assert header[3].endswith(" (€)")
    assert len({len(row) for row in (header, *rows, total)}) == 1


def test_csv_gives_per_cent_as_figures_and_times_of_the_clock_on_the_wall(
    manager: Client, market_day: Saturday, orders: Orders
) -> None:
    assert [row[3] for row in csv_of(manager, market_day, "categories")[1:]] == ["57,06", "30,93", "12,01", "100,00"]
    assert csv_of(manager, market_day, "tva")[1][0] == "5,50"
    assert csv_of(manager, market_day, "creneaux")[1][:2] == ["08:00", "08:30"]
    assert csv_of(manager, market_day, "commandes")[1][0] == "23/11/2026 09:00"


def test_every_csv_says_what_its_table_holds(manager: Client, market_day: Saturday, collected: Orders) -> None:
    for slug, table in report_of(market_day.day.pk).tables.items():
        rows = csv_of(manager, market_day, slug)
        assert len(rows) == 1 + len(table.rows) + bool(table.totals)


@pytest.mark.parametrize("text", ["=2+2", "+33 6", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_calculate_is_a_text_in_both_files(
    manager: Client, market_day: Saturday, orders: Orders, text: str
) -> None:
    partner = market_day.honey.producer.partner
    partner.name = text
    partner.save()

    assert f"'{text}" in [row[1] for row in csv_of(manager, market_day, "producteurs")]
    content = xlsx(manager, market_day, "bilan/producteurs.xlsx")
    assert [kind for kind, _value in cells(content).values() if kind not in ("s", "n")] == []
    assert not list(sheets(content)[0].iter(f"{SPREADSHEET}f"))
    if text.isprintable():
        assert ("s", f"'{text}") in cells(content).values()


def test_a_figure_below_zero_is_a_figure(manager: Client, market_day: Saturday, collected: Orders) -> None:
    assert cells(xlsx(manager, market_day, "bilan/producteurs.xlsx"))["K2"] == ("n", "-0.68")
    assert csv_of(manager, market_day, "producteurs")[1][10] == "-0,68"


def test_xlsx_has_real_figures_whose_total_adds_up(manager: Client, market_day: Saturday, collected: Orders) -> None:
    found = cells(xlsx(manager, market_day, "bilan/producteurs.xlsx"))

    assert [found[f"B{row}"] for row in (2, 3)] == [("s", "La Ferme du Ru"), ("s", "Le Rucher d’Hodenc")]
    assert [found[f"D{row}"] for row in (2, 3, 4)] == [("n", "18.98"), ("n", "8.50"), ("n", "27.48")]
    assert Decimal(found["D2"][1]) + Decimal(found["D3"][1]) == Decimal(found["D4"][1])


def test_xlsx_keeps_its_header_in_sight_and_can_be_filtered(
    manager: Client, market_day: Saturday, collected: Orders
) -> None:
    [sheet] = sheets(xlsx(manager, market_day, "bilan/producteurs.xlsx"))

    pane = next(sheet.iter(f"{SPREADSHEET}pane"))
    assert (pane.get("ySplit"), pane.get("state")) == ("1", "frozen")
    assert next(sheet.iter(f"{SPREADSHEET}autoFilter")).get("ref") == "A1:O3"  # without the totals


def test_the_workbook_has_a_sheet_for_each_table_and_the_days_name(
    manager: Client, market_day: Saturday, collected: Orders
) -> None:
    response = manager.get(url(market_day.day, "bilan.xlsx"))

    tables = report_of(market_day.day.pk).tables
    assert len(sheets(response.content)) == len(tables)
    assert response["Content-Disposition"] == 'attachment; filename="bilan-beauvais-2026-11-28.xlsx"'
    with zipfile.ZipFile(io.BytesIO(response.content)) as book:
        assert "Marché de Beauvais" in book.read("docProps/core.xml").decode()
    assert cells(response.content)["A2"] == ("n", "2")  # the orders, on the first sheet


def test_files_of_a_day_without_orders_open_too(manager: Client, market_day: Saturday) -> None:
    assert len(csv_of(manager, market_day, "producteurs")) == 1
    assert len(sheets(xlsx(manager, market_day, "bilan.xlsx"))) == len(report_of(market_day.day.pk).tables)


def test_a_table_that_is_none_is_not_found(manager: Client, market_day: Saturday) -> None:
    for rest in ("bilan/zzz.csv", "bilan/zzz.xlsx"):
        assert manager.get(url(market_day.day, rest)).status_code == 404


def test_files_are_only_read_and_kept_nowhere(manager: Client, market_day: Saturday) -> None:
    for rest in ("bilan/", "bilan.xlsx", "bilan/tva.csv", "bilan/tva.xlsx"):
        assert manager.post(url(market_day.day, rest)).status_code == 405
        assert "no-store" in manager.get(url(market_day.day, rest))["Cache-Control"]


def test_a_word_for_the_producers_stands_in_no_file(manager: Client, market_day: Saturday) -> None:
    cast.placed_order({market_day.carrots: 1}, note="@SUM(A1)")

    for slug in report_of(market_day.day.pk).tables:
        assert "SUM" not in manager.get(url(market_day.day, f"bilan/{slug}.csv")).content.decode()
