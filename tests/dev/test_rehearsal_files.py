"""The files of a report are read as they were written, and a cell that differs is found."""

from __future__ import annotations

import datetime as dt
from copy import deepcopy
from decimal import Decimal

from django.utils import timezone

from dev.rehearsal.audit_report import (
    audit_page,
    audit_workbook,
    figure_in,
)
from dev.rehearsal.notes import Notes
from dev.rehearsal.sheets import TABLES, read_csv, read_workbook
from orders.documents.spreadsheet import table_csv, workbook
from orders.presenters import tables as report

EIGHT = dt.datetime(2026, 11, 28, 7, tzinfo=dt.UTC)  # on the clock of Paris


def sold() -> report.Table:
    """A table of the report with everything that can go wrong in a file."""
    columns = (
        report.Column("etal", "Stall", report.CellKind.COUNT, adds=False),
        report.Column("producteur", "Producer"),
        report.Column("produit", "Product"),
        report.Column("unites", "Units", report.CellKind.COUNT, adds=False),
        report.Column("quantite", "Quantity"),
        report.Column("montant", "Ordered", report.CellKind.CENTS),
        report.Column("manquants", "Missing units", report.CellKind.COUNT, adds=False),
        report.Column("manquant", "Missing amount", report.CellKind.CENTS),
        report.Column("poids", "Weight", report.CellKind.GRAMS, adds=False),
        report.Column("du", "Due", report.CellKind.CENTS),
    )
    rows = [
        (3, "=Ferme", 'Chou "cœur"; vert', 2, "2", 1_234_50, 0, 0, 1_500, 1_234_50),
        (None, "-5 %", "Ail", 1, "1", 5, 1, 5, None, 0),
    ]
    return report.Table("produits", "Products", columns, rows)


def test_a_csv_is_read_as_it_was_written() -> None:
    read = read_csv("produits", table_csv(sold()))
    assert read.rows[0] == [
        3,
        "=Ferme",
        'Chou "cœur"; vert',
        2,
        "2",
        Decimal("1234.50"),
        0,
        0,
        Decimal("1.5"),
        Decimal("1234.50"),
    ]
    assert read.rows[1] == ["", "-5 %", "Ail", 1, "1", Decimal("0.05"), 1, Decimal("0.05"), "", 0]
    assert read.totals[5] == Decimal("1234.55")


def whole_report() -> dict[str, report.Table]:
    """Each table with one row, of every kind of cell."""
    kinds = {"share": report.CellKind.PERCENT, "filling": report.CellKind.PERCENT, "from": report.CellKind.HOUR}
    made = {}
    for slug, names in TABLES.items():
        columns = tuple(report.Column(name, name, kinds.get(name, report.CellKind.TEXT)) for name in names)
        cells: dict[str, report.Cell] = {"share": 10_000, "filling": 333, "from": EIGHT}
        row = tuple(cells.get(name, f"{name} =1") for name in names)
        made[slug] = report.Table(slug, slug, columns, [row])
    return {**made, "produits": sold()}


def test_a_workbook_says_what_its_csv_files_say() -> None:
    with timezone.override("Europe/Paris"):
        made, notes = whole_report(), Notes()
        files = {slug: read_csv(slug, table_csv(table)) for slug, table in made.items()}
        sheets = read_workbook(workbook(list(made.values()), "Report"), notes)
    for slug in ("produits", "categories", "messages-en-echec"):
        audit_workbook({slug: sheets[slug]}, {slug: files[slug]}, notes)
    assert notes.differences == []
    assert sheets["produits"].rows[0][1] == "=Ferme"


def test_a_cell_of_the_workbook_that_the_csv_has_not_is_found() -> None:
    files = {"produits": read_csv("produits", table_csv(sold()))}
    other, notes = deepcopy(files), Notes()
    other["produits"].rows[0][5] = Decimal("1234.51")
    audit_workbook(other, files, notes)
    assert "workbook, produits: ordered in line 2: Decimal('1234.51'), expected Decimal('1234.50')" in notes.differences


def test_the_page_is_compared_with_the_files() -> None:
    files = {"produits": read_csv("produits", table_csv(sold()))}
    rows = [
        ["3", "=Ferme", "Chou", "2", "2", "1 234,50 €", "0", "0,00 €", "1,5 kg", "1 234,50 €"],
        ["", "-5 %", "Ail", "1", "1", "0,05 €", "1"],
    ]
    notes = Notes()
    audit_page(
        {"produits": [*rows, ["Total", "", "", "", "", "1 234,54 €", "", "0,05 €", "", "1 234,50 €"]]}, files, notes
    )
    assert [difference.partition(":")[2] for difference in notes.differences] == [
        " ordered in row 3: Decimal('1234.54'), expected Decimal('1234.55')"
    ]
    assert [figure_in(words) for words in ("−1,20 €", "5,5 %", "12", "500 g")] == [
        Decimal("-1.2"), Decimal("5.5"), 12, Decimal("0.5")
    ]  # fmt: skip
