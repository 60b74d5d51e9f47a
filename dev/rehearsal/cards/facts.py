"""What those who played the day know of each part, where some were weighed, taken off, and paid by card."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from dev.rehearsal.books import Books, Row
from dev.rehearsal.cards.reckoning import Reckoning
from dev.rehearsal.errands import Customer, Errand
from dev.rehearsal.facts import ONLINE, LineFact, PartFact, line_fact, sorted_lines


def facts_with_cards(customers: Iterable[Customer], books: Books, reckoning: Reckoning) -> list[PartFact]:
    """As `facts_of_play`; what was estimated is read from the tables, where `audit_money` has compared it."""
    numbers = {order["order_id"]: order["number"] for order in books.orders}
    lines: defaultdict[tuple[int, int], list[Row]] = defaultdict(list)
    for line in books.live_lines:
        lines[numbers[line["order_id"]], line["stall"]].append(line)
    return [
        _played(errand, lines[customer.visit.ticket_number, errand.ticket.stall], reckoning)
        for customer in customers
        if not customer.visit.cancelled
        for errand in customer.errands
    ]


def _played(errand: Errand, rows: list[Row], reckoning: Reckoning) -> PartFact:
    visit, stall, means, paid = errand.visit, errand.ticket.stall, errand.means, errand.paid
    if errand.online:
        means, paid = ONLINE, reckoning.orders[visit.ticket_number].parts[stall].left
    facts = sorted_lines(_line(errand, row, reckoning) for row in rows)
    return PartFact(
        visit.ticket_number,
        visit.name,
        visit.slot,
        stall,
        errand.ticket.producer,
        facts,
        errand.handed_over,
        means,
        paid,
    )


def _line(errand: Errand, row: Row, reckoning: Reckoning) -> LineFact:
    """A line that the stall did not find on its page had been taken off."""
    found = next((line for line in errand.lines if line.title == row["title"]), None)
    units = errand.visit.lines[row["listing_id"]]
    amounts = row["amount_cents"], row["vat_cents"]
    if found is None or found.missing:
        due = row["final_cents"] if row["given_cents"] is None else row["given_cents"]
        return line_fact(row, units, *amounts, missing=True, due=due, given=0)
    if found.fewer is not None:
        cents, given, grams = found.fewer_cents, found.fewer, found.grams
        return line_fact(row, units, *amounts, missing=False, due=cents, given=given, grams=grams)
    done = reckoning.deeds.of(errand.visit.ticket_number, errand.ticket.stall)
    given, grams = done.units.get(row["title"], units), done.grams.get(row["title"])
    return line_fact(row, units, *amounts, missing=False, due=found.cents, given=given, grams=grams)
