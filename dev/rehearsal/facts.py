"""What happened to each part of an order, by two witnesses: the tables, and those who played the day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from dev.rehearsal.audit import half_up, units_there
from dev.rehearsal.books import Books, Row
from dev.rehearsal.errands import Customer, Errand
from dev.rehearsal.market import Visit

ONLINE = "online"  # means of payment: by card on the site


@dataclass(frozen=True)
class LineFact:
    """`cents` with tax, `vat` within them, before weighing; `due`: as weighed, where it was.

    `without_vat`: the producer is under franchise; `missing`: at the stall, or taken off before; `given`: of the units,
    which weigh `grams`, weighed or as expected, where a weight has a price.
    """

    listing: int
    title: str
    kind: str
    units: int
    cents: int
    vat: int
    rate_bp: int
    without_vat: bool
    missing: bool
    due: int
    given: int
    is_weighed: bool = False
    grams: int | None = None

    @property
    def owed(self) -> int:
        """Cents that are due in the end: nothing for what was missing."""
        return 0 if self.missing else self.due

    @property
    def lost(self) -> int:
        """Cents of what was ordered and is not given; of weighed pieces by their number."""
        if self.is_weighed:
            return self.cents - half_up(Decimal(self.cents * self.given) / self.units)
        return self.cents - self.owed

    @property
    def vat_due(self) -> int:
        return self.owed - half_up(Decimal(self.owed * 10_000) / (10_000 + self.rate_bp))


@dataclass(frozen=True)
class PartFact:
    """One order at one stall. `means` is empty when nothing was paid, and ONLINE by card on the site."""

    order: int
    name: str
    slot: int
    stall: int
    producer: str
    lines: tuple[LineFact, ...]
    handed_over: bool
    means: str
    paid: int | None

    @property
    def ordered(self) -> int:
        return sum(line.cents for line in self.lines)

    @property
    def missing(self) -> int:
        return sum(line.lost for line in self.lines)

    @property
    def due(self) -> int:
        return sum(line.owed for line in self.lines)

    @property
    def difference(self) -> int:
        """What is paid by card on the site is final once the goods are handed over."""
        is_final = self.means and (self.handed_over or self.means != ONLINE)
        return (self.paid or 0) - self.due if is_final else 0

    @property
    def to_pay(self) -> int:
        return self.due if self.handed_over and not self.means else 0


def facts_in_books(books: Books) -> list[PartFact]:
    """By the tables: everything that is not cancelled."""
    lines: defaultdict[int, list[LineFact]] = defaultdict(list)
    for line in books.live_lines:
        lines[line["part_id"]].append(
            line_fact(
                line, line["quantity"], line["amount_cents"], line["vat_cents"],
                missing=line["missing"] or bool(line["struck"]),
                due=line["final_cents"] if line["given_cents"] is None else line["given_cents"],
                given=units_there(line),
                grams=line["final_grams"] if line["given_quantity"] is None else line["given_grams"],
            )
        )  # fmt: skip
    orders, facts = books.live_orders, []
    for pk, part in books.parts.items():
        if part["pickup_id"] in orders and not part["cancelled_at"]:
            order, producer = orders[part["pickup_id"]], books.producers[part["producer_id"]]
            means, paid = (
                (ONLINE, books.card_taken.get(pk, 0)) if part["online"] else (part["paid_means"], part["paid_cents"])
            )
            facts.append(
                PartFact(
                    order["number"], order["name"], order["slot_id"], producer["stall"], producer["name"],
                    sorted_lines(lines[pk]), part["handed_over_at"] is not None, means, paid,
                )
            )  # fmt: skip
    return facts


def facts_of_play(customers: Iterable[Customer], books: Books) -> list[PartFact]:
    """By what was ordered, read at the stalls and done there. The tables say only what kind of goods a product is."""
    goods: defaultdict[int, list[Row]] = defaultdict(list)
    for line in {line["listing_id"]: line for line in books.live_lines}.values():
        goods[line["stall"]].append(line)
    return [
        _played(errand, goods[errand.ticket.stall], books)
        for customer in customers
        if not customer.visit.cancelled
        for errand in customer.errands
    ]


def _played(errand: Errand, goods: Iterable[Row], books: Books) -> PartFact:
    visit, lines = errand.visit, []
    for row in goods:
        found = next((line for line in errand.lines if line.title == row["title"]), None)
        if row["listing_id"] in visit.struck:
            lines.append(_struck(visit, row, books))
        elif found:
            units = visit.lines[row["listing_id"]]
            vat = found.cents - half_up(Decimal(found.cents * 10_000) / (10_000 + row["rate_bp"]))
            given = 0 if found.missing else units if found.fewer is None else found.fewer
            due = found.cents if found.missing or found.fewer is None else found.fewer_cents
            amounts = units, found.cents, vat
            lines.append(line_fact(row, *amounts, missing=found.missing, due=due, given=given, grams=found.grams))
    return PartFact(
        visit.ticket_number, visit.name, visit.slot, errand.ticket.stall, errand.ticket.producer, sorted_lines(lines),
        errand.handed_over, errand.means, errand.paid,
    )  # fmt: skip


def _struck(visit: Visit, row: Row, books: Books) -> LineFact:
    """What the manager took off: what it came to stands in the tables alone."""
    numbers = {order["order_id"]: order["number"] for order in books.orders}
    [own] = (
        line for line in books.live_lines
        if line["listing_id"] == row["listing_id"] and numbers[line["order_id"]] == visit.ticket_number
    )  # fmt: skip
    units = visit.lines[row["listing_id"]]
    return line_fact(own, units, own["amount_cents"], own["vat_cents"], missing=True, due=own["final_cents"], given=0)


def line_fact(
    row: Row,
    units: int,
    cents: int,
    vat: int,
    *,
    missing: bool,
    due: int | None = None,
    given: int,
    grams: int | None = None,
) -> LineFact:
    """`due` and `grams` None: it was not weighed."""
    each = {"weight": row["step_grams"], "weighed": row["expected_grams"]}.get(row["unit"])
    weight = None if each is None else each * given if grams is None or not given else grams
    without_vat = row["vat_franchise"] and not row["rate_bp"]
    return LineFact(
        row["listing_id"], row["title"], row["kind"], units, cents, vat, row["rate_bp"], without_vat, missing,
        cents if due is None else due, given, row["unit"] == "weighed", weight,
    )  # fmt: skip


def sorted_lines(lines: Iterable[LineFact]) -> tuple[LineFact, ...]:
    return tuple(sorted(lines, key=lambda line: line.listing))
