"""Does the manager’s report say what happened, to the cent? And do its tables and its files agree with each other?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from dev.rehearsal.notes import Notes
from dev.rehearsal.reckoning import Rows
from dev.rehearsal.sheets import TABLES, Cell, Table

# By which of its columns a row is known; a table with a single row needs none.
KEYS: dict[str, tuple[str, ...]] = {
    "chiffres": (),
    "commandes": ("from",),
    "creneaux": ("from", "to"),
    "producteurs": ("stall", "producer"),
    "paiements": ("means", "stall", "producer"),
    "non-retirees": ("order", "producer"),
    "produits": ("stall", "producer", "product"),
    "categories": ("category",),
    "tva": ("rate",),
    "messages": ("message",),
    "messages-en-echec": ("message", "to"),
}
# Columns whose figures are not added up under the table.
NEVER_ADDED = ("stall", "order", "until then", "filling", "rate", "units", "missing units", "weight")
_UNIT = re.compile(r" \((?:€|%|kg)\)$")
ROUNDED = Decimal("0.01")  # per cent

# The same sum in several places: (table, columns).
SAME_SUMS: tuple[tuple[tuple[str, tuple[str, ...]], ...], ...] = (
    (
        ("chiffres", ("ordered",)), ("commandes", ("ordered",)), ("creneaux", ("ordered",)),
        ("producteurs", ("ordered",)), ("produits", ("ordered",)), ("categories", ("ordered",)),
    ),
    (
        ("chiffres", ("due",)), ("creneaux", ("due",)), ("producteurs", ("due",)), ("produits", ("due",)),
        ("categories", ("due",)), ("tva", ("due",)), ("tva", ("base", "vat")),
    ),
    (("chiffres", ("orders",)), ("commandes", ("orders",)), ("creneaux", ("orders",)), ("chiffres", ("taken places",))),
    (("chiffres", ("taken",)), ("producteurs", ("cash", "cheque", "card", "online")), ("paiements", ("taken",))),
    (("chiffres", ("difference",)), ("producteurs", ("difference",)), ("paiements", ("difference",))),
    (("chiffres", ("missing",)), ("producteurs", ("missing",)), ("produits", ("missing",))),
    (("chiffres", ("parts",)), ("producteurs", ("parts",)), ("chiffres", ("handed over", "not handed over"))),
    (("chiffres", ("handed over",)), ("producteurs", ("handed over",))),
    (("chiffres", ("to pay",)), ("producteurs", ("to pay",))),
    (
        ("chiffres", ("amount not handed over",)), ("producteurs", ("amount not handed over",)),
        ("non-retirees", ("amount",)),
    ),
)  # fmt: skip


def audit_tables(found: Mapping[str, Table], expected: Mapping[str, Rows], witness: str, notes: Notes) -> None:
    """Every row and every figure of every table."""
    for slug, rows in expected.items():
        what, names = f"report, {slug}, by {witness}", [name for name in TABLES[slug] if name not in KEYS[slug]]
        read = [(_key(slug, row), _rest(slug, row)) for row in found[slug].rows]
        notes.same(f"{what}: rows", Counter(key for key, _cells in read), Counter(rows.keys()))
        for key, cells in read:
            for name, cell, wanted in zip(names, cells, rows.get(key, ()), strict=False):
                if wanted is not None:
                    notes.same(f"{what}: {name} of {_words(key)}", cell, wanted)


def audit_totals(found: Mapping[str, Table], notes: Notes) -> None:
    """What stands under a table is the sum of what stands in it; the shares make a whole."""
    for slug, table in found.items():
        for place, (name, total) in enumerate(zip(TABLES[slug], table.totals, strict=False)):
            if isinstance(total, Decimal):
                notes.same(f"report, {slug}: total of {name}", total, sum(table.column(place)))
            elif place and table.column(place):
                notes.same(f"report, {slug}: {name} has no total", name in NEVER_ADDED, True)
    shares, amounts = (_column(found, "categories", name) for name in ("share", "ordered"))
    notes.same("report, categories: the whole", sum(shares), 100 if sum(amounts) else 0)
    for share, amount in zip(shares, amounts, strict=True):
        exact = 100 * amount / sum(amounts)
        notes.same(f"report, categories: share of {amount} €", abs(share - exact) <= ROUNDED, True)


def audit_coherence(found: Mapping[str, Table], notes: Notes) -> None:
    """Tables that were read at one moment tell the same sums, whatever happens meanwhile."""
    for places in SAME_SUMS:
        sums = {
            f"{slug} {' + '.join(names)}": sum((sum(_column(found, slug, name)) for name in names), Decimal())
            for slug, names in places
        }
        first = next(iter(sums))
        for name, total in sums.items():
            notes.same(f"report: {name} is {first}", total, sums[first])
    waiting = sum(_column(found, "producteurs", "not handed over"))
    notes.same("report: orders not collected, as many as are counted", len(found["non-retirees"].rows), waiting)


def audit_workbook(workbook: Mapping[str, Table], found: Mapping[str, Table], notes: Notes) -> None:
    """Every cell of the workbook is the one of the CSV."""
    for slug, table in found.items():
        columns = TABLES[slug]
        notes.same(f"report, {slug}: its columns", len(table.headings), len(columns))
        headings = [_UNIT.sub("", heading) for heading in table.headings]
        notes.same(f"workbook, {slug}: its headings", workbook[slug].headings, headings)
        notes.same(f"workbook, {slug}: its rows", len(workbook[slug].rows), len(table.rows))
        rows = zip([*workbook[slug].rows, workbook[slug].totals], [*table.rows, table.totals], strict=False)
        for number, (cells, wanted) in enumerate(rows, start=2):
            for name, cell, figure in zip(columns, cells, wanted, strict=False):
                notes.same(f"workbook, {slug}: {name} in line {number}", cell, figure)


def audit_page(page: Mapping[str, list[list[str]]], found: Mapping[str, Table], notes: Notes) -> None:
    """The page shows the figures of the files. An empty table is not there, and the first has a place of its own."""
    shown = {slug for slug, table in found.items() if table.rows and slug != "chiffres"}
    notes.same("the report’s page: its tables", set(page), shown)
    for slug in shown & page.keys():
        lines = [*found[slug].rows, *([found[slug].totals] if found[slug].totals else [])]
        notes.same(f"the report’s page, {slug}: its rows", len(page[slug]), len(lines))
        for number, (words, cells) in enumerate(zip(page[slug], lines, strict=False), start=1):
            for name, said, cell in zip(TABLES[slug], words, cells, strict=False):
                if isinstance(cell, Decimal):
                    notes.same(f"the report’s page, {slug}: {name} in row {number}", figure_in(said), cell)


def figure_in(words: str) -> Decimal:
    """ "−1 234,50 €" as -1234.50, "5,5 %" as 5.5, "500 g" as 0.5; a French page has no point before decimals."""
    digits = "".join(char for char in words.replace(",", ".").replace("−", "-") if char in "-.0123456789")
    return Decimal(digits or 0) / (1000 if re.search(r"\sg$", words) else 1)


def _column(found: Mapping[str, Table], slug: str, name: str) -> list[Decimal]:
    return found[slug].column(TABLES[slug].index(name))


def _key(slug: str, row: list[Cell]) -> tuple[Cell, ...]:
    return tuple(cell for name, cell in zip(TABLES[slug], row, strict=True) if name in KEYS[slug])


def _rest(slug: str, row: list[Cell]) -> list[Cell]:
    return [cell for name, cell in zip(TABLES[slug], row, strict=True) if name not in KEYS[slug]]


def _words(key: tuple[Cell, ...]) -> str:
    return ", ".join(map(str, key)) or "the day"
