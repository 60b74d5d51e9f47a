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

# The columns that are compared: charged, refunded, fee, net. A statement's other columns are order, first name, most,
# transferred, still to come.
COLUMNS = slice(3, 7)


def audit_statements(cards: CardWeek, notes: Notes) -> None:
    """Order by order, of every producer who can be paid by card."""
    for stall, bench in cards.benches.items():
        if stall not in cards.reckoning.stalls:
            continue
        path = bench.path.replace("/preparation/", "/releve.csv")
        page = bench.browser.get(path, "producer reads the statement")
        rows = list(csv.reader(io.StringIO(page.content.decode("utf-8"), newline="")))[1:]
        found = {int(row[0]): [int(Decimal(cell) * 100) for cell in row[COLUMNS]] for row in rows if row[0].isdigit()}
        expected = {
            number: [part.taken, part.taken - part.left, min(part.fee, part.left), part.net]
            for number, one in cards.reckoning.orders.items()
            if one.outcome is Outcome.TAKEN and (part := one.parts.get(stall))
        }
        notes.same(f"stall {stall}: its statement", found, expected)
