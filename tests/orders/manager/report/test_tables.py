"""A table adds itself up, sorts itself, and says itself in words; sums of sales lose no cent."""

from __future__ import annotations

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from marche.common.money import vat_included
from orders.manager.report.goods import Sale, categories_table, products_table, shares, vat_table
from orders.models import LineDetail
from orders.presenters.tables import Cell, CellKind, Column, Table, in_words
from producers.kinds import GoodsKind
from producers.units import Unit

COLUMNS = (
    Column("nom", "Name"),
    Column("etal", "Stall", CellKind.COUNT, adds=False),
    Column("montant", "Amount", CellKind.CENTS),
)


def table(*rows: tuple[Cell, ...]) -> Table:
    return Table("essai", "Essai", COLUMNS, rows, sortable=True)


amounts = st.lists(st.integers(min_value=0, max_value=10**9), max_size=30)


@given(amounts)
def test_shares_add_up_to_the_whole(cents: list[int]) -> None:
    parts = shares(cents)

    assert sum(parts) == (10_000 if sum(cents) else 0)
    assert all(part >= 0 for part in parts)


@st.composite
def sales(draw: st.DrawFn) -> Sale:
    is_franchise = draw(st.booleans())
    vat_bp = 0 if is_franchise else draw(st.sampled_from([550, 1000, 2000]))
    lines = draw(st.lists(st.integers(min_value=1, max_value=100_000), min_size=1, max_size=5))
    return Sale(
        listing=draw(st.integers(min_value=1, max_value=50)),
        stall=draw(st.none() | st.integers(min_value=1, max_value=9)),
        producer=draw(st.sampled_from(["A", "B"])),
        vat_franchise=is_franchise,
        kind=draw(st.sampled_from(GoodsKind.values)),
        vat_bp=vat_bp,
        title="Carottes",
        units=len(lines),
        missing_units=0,
        amount=sum(lines),
        missing=0,
        grams=None,
        due=sum(lines),
        vat=sum(vat_included(cents, vat_bp) for cents in lines),
        sale_unit=LineDetail(unit=Unit.PIECE),
    )


@given(st.lists(sales(), max_size=12))
def test_products_kinds_and_vat_come_to_the_same_cent(sold: list[Sale]) -> None:
    vat, whole = vat_table(sold), sum(sale.amount for sale in sold)

    assert products_table(sold).total("montant") == categories_table(sold).total("montant") == whole
    assert vat.total("base") + vat.total("tva") == vat.total("ttc") == whole
    assert vat.total("tva") == sum(sale.vat for sale in sold)


def test_only_what_adds_up_has_a_total() -> None:
    with translation.override("en"):
        assert table(("Ru", 1, 150), ("Rucher", 2, -50)).totals == ("Total", None, 100)


def test_a_table_without_rows_has_no_total() -> None:
    assert table().totals is None


def test_the_total_of_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError):
        table().total("zzz")


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("montant", ["Ail", "Épi", "zoé"]),
        ("-montant", ["zoé", "Épi", "Ail"]),
        ("nom", ["Ail", "Épi", "zoé"]),
        ("-nom", ["zoé", "Épi", "Ail"]),
        ("zzz", ["zoé", "Ail", "Épi"]),
        ("", ["zoé", "Ail", "Épi"]),
    ],
)
def test_words_are_sorted_without_accents_and_figures_by_size(order: str, names: list[str]) -> None:
    shown = table(("zoé", None, 300), ("Ail", 2, 100), ("Épi", 1, 200)).sorted_by(order)

    assert [row[0] for row in shown.rows] == names


def test_a_heading_asks_for_the_other_way_round() -> None:
    headings = table().sorted_by("-montant").headings

    assert [(heading.sort, heading.aria) for heading in headings] == [
        ("essai.nom", ""),
        ("essai.-etal", ""),
        ("essai.montant", "descending"),
    ]


@pytest.mark.parametrize(
    ("cell", "kind", "words"),
    [
        (1250, CellKind.CENTS, "€12.50"),
        (-120, CellKind.CENTS, "−€1.20"),
        (0, CellKind.CENTS, "–"),
        (0, CellKind.COUNT, "0"),
        (550, CellKind.PERCENT, "5.5%"),
        (None, CellKind.CENTS, ""),
        ("no VAT", CellKind.PERCENT, "no VAT"),
    ],
)
def test_cells_in_words(cell: Cell, kind: CellKind, words: str) -> None:
    with translation.override("en"):
        assert in_words(cell, kind) == words
