"""A table of the report: defined once, read by the page and by every export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from marche.common.text import fold
from marche.common.wording import day_in_words, euros, hour, percent, weight

Cell = str | int | dt.date | dt.datetime | None
Row = tuple[Cell, ...]
MINUS = "−"


class CellKind(StrEnum):
    """What the cells of a column hold. A text may stand in any column, in place of a figure that there is not."""

    TEXT = "text"
    COUNT = "count"
    CENTS = "cents"
    GRAMS = "grams"  # told in kilograms
    PERCENT = "percent"  # in basis points
    DATE = "date"
    TIME = "time"  # an aware datetime
    HOUR = "hour"  # an aware datetime of the market day, of which only the hour is told


@dataclass(frozen=True)
class Column:
    """`key` names it in addresses. `adds`: whether its total is the sum of its cells."""

    key: str
    title: str
    kind: CellKind = CellKind.TEXT
    adds: bool = True

    @property
    def is_number(self) -> bool:
        return self.kind in (CellKind.COUNT, CellKind.CENTS, CellKind.GRAMS, CellKind.PERCENT)


@dataclass(frozen=True)
class Heading:
    """A column's heading on the page: `sort` is what its link asks for, `aria` how it is sorted now."""

    column: Column
    sort: str
    aria: str


@dataclass(frozen=True)
class Table:
    """`note` says what the figures mean, `empty` why there are none. `order`: the key by which it is sorted now."""

    slug: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    note: str = ""
    empty: str = ""
    sortable: bool = False
    order: str = ""

    @property
    def totals(self) -> Row | None:
        """One more row under the others: what the columns come to. None where nothing adds up, or nothing is there."""
        sums = [self._sum(index) for index in range(1, len(self.columns))]
        has_sums = any(total is not None for total in sums)
        return (_("Total"), *sums) if self.rows and has_sums else None

    def _sum(self, index: int) -> int | None:
        column = self.columns[index]
        if not (column.adds and column.is_number):
            return None
        return sum(cell for row in self.rows if isinstance(cell := row[index], int))

    def total(self, key: str) -> int:
        """The sum of this column; KeyError for a column that is not there."""
        keys = [column.key for column in self.columns]
        if key not in keys:
            raise KeyError(key)
        return self._sum(keys.index(key)) or 0

    def sorted_by(self, order: str) -> Table:
        """Sorted by "key", or by "-key" from the greatest on; as it is by any other word."""
        keys = [column.key for column in self.columns]
        if not self.sortable or order.removeprefix("-") not in keys:
            return self
        index = keys.index(order.removeprefix("-"))
        rows = sorted(self.rows, key=lambda row: _sort_key(row[index]), reverse=order.startswith("-"))
        return replace(self, rows=rows, order=order)

    @property
    def headings(self) -> list[Heading]:
        """Figures are sorted from the greatest on at first, words from A on."""
        return [_heading(column, self) for column in self.columns]

    def in_words(self, row: Row) -> list[tuple[Column, str]]:
        """A row as it is read on the page."""
        return [(column, in_words(cell, column.kind)) for column, cell in zip(self.columns, row, strict=True)]

    @property
    def row_key(self) -> str:
        """The column that names a row: the first with words in it."""
        return next((column.key for column in self.columns if column.kind is CellKind.TEXT), self.columns[0].key)

    @property
    def totals_in_words(self) -> list[tuple[Column, str]]:
        return self.in_words(self.totals) if self.totals else []


def in_words(cell: Cell, kind: CellKind) -> str:
    """A cell as people read it: no money is a dash, among the amounts of a table."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, dt.datetime):
        words = {"day": day_in_words(cell), "hour": hour(cell)}
        return words["hour"] if kind is CellKind.HOUR else _("%(day)s at %(hour)s") % words
    if isinstance(cell, dt.date):
        return date_format(cell, "SHORT_DATE_FORMAT")
    if kind is CellKind.GRAMS:
        return weight(cell)
    if kind is CellKind.CENTS:
        return "–" if not cell else euros(cell) if cell > 0 else MINUS + euros(-cell)
    return percent(cell) if kind is CellKind.PERCENT else str(cell)


def _heading(column: Column, table: Table) -> Heading:
    first, second = (f"-{column.key}", column.key) if column.is_number else (column.key, f"-{column.key}")
    aria = ""
    if table.order.removeprefix("-") == column.key:
        aria = "descending" if table.order.startswith("-") else "ascending"
    return Heading(column, f"{table.slug}.{second if table.order == first else first}", aria)


def _sort_key(cell: Cell) -> tuple[int, float, str]:
    """Nothing before figures, figures before words."""
    if cell is None:
        return 0, 0, ""
    if isinstance(cell, str):
        return 2, 0, fold(cell)
    if isinstance(cell, dt.datetime):
        return 1, cell.timestamp(), ""
    return 1, cell.toordinal() if isinstance(cell, dt.date) else cell, ""
