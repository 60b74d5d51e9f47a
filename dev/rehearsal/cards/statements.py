"""Each producer's statement says what was reckoned for it."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import TYPE_CHECKING

from dev.rehearsal.cards.reckoning import Outcome
from dev.rehearsal.notes import Notes

if TYPE_CHECKING:
    from dev.rehearsal.cards.week import CardWeek

# A statement has a line for each fact of an order; what they come to is compared. Its columns are date, order, first
# name, what, most, then these, then transferred and withheld.
ORDER, CHARGED, REFUNDED, FEE, NET = 1, 5, 6, 7, 8


def audit_statements(cards: CardWeek, notes: Notes) -> None:
    """Order by order, of every producer who can be paid by card."""
    for stall, bench in cards.benches.items():
        if stall not in cards.reckoning.stalls:
            continue
        path = bench.path.replace("/preparation/", "/releve.csv")
        page = bench.browser.get(path, "producer reads the statement")
        found: dict[int, list[int]] = {}
        for row in csv.reader(io.StringIO(page.content.decode("utf-8-sig"), newline=""), delimiter=";"):
            if row[ORDER].isdigit():
                sums = found.setdefault(int(row[ORDER]), [0, 0, 0, 0])
                figures = [_cents(row[place]) for place in (CHARGED, REFUNDED, FEE, NET)]
                found[int(row[ORDER])] = [before + figure for before, figure in zip(sums, figures, strict=True)]
        expected = {
            number: [part.taken, part.taken - part.left, min(part.fee, part.left), part.net]
            for number, one in cards.reckoning.orders.items()
            if one.outcome is Outcome.TAKEN and (part := one.parts.get(stall))
        }
        notes.same(f"stall {stall}: its statement", found, expected)


def _cents(euros: str) -> int:
    return int(Decimal(euros.replace(",", ".")) * 100) if euros else 0
