"""Is it written what was done at the stalls, once, and does each resident’s ticket say so?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

from dev.rehearsal.books import Books
from dev.rehearsal.errands import Customer, Errand
from dev.rehearsal.facts import PartFact
from dev.rehearsal.notes import Notes
from dev.rehearsal.pages import text
from dev.rehearsal.tickets import read_ticket

AT_THE_STALL = ("handed-over", "paid", "taken-back")  # of the kinds of changes


def audit_parts(written: Sequence[PartFact], done: Sequence[PartFact], notes: Notes) -> None:
    """Each part as the tables have it, and as those who played it noted it: lines, goods, money."""
    in_books = {(fact.order, fact.stall): fact for fact in written}
    in_play = {(fact.order, fact.stall): fact for fact in done}
    notes.same("parts of orders", in_books.keys(), in_play.keys())
    for key in in_books.keys() & in_play.keys():
        for name in ("name", "producer", "slot", "lines", "handed_over", "means", "paid"):
            what = f"order {key[0]} at stall {key[1]}: {name}"
            notes.same(what, getattr(in_books[key], name), getattr(in_play[key], name))


def audit_history(books: Books, customers: Iterable[Customer], notes: Notes) -> None:
    """Every hand-over, payment and mistake put right stands in the history once, with who did it and why."""
    kinds: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    numbers = {order["order_id"]: order["number"] for order in books.orders}
    for change in sorted(books.changes, key=lambda change: (change["at"], change["id"])):
        if change["kind"] in AT_THE_STALL:
            part = books.parts[change["part_id"]]
            key = numbers[change["pickup_id"]], books.producers[part["producer_id"]]["stall"]
            kinds[key].append(change["kind"])
            notes.same(f"order {key[0]}: who noted it", (change["actor"], bool(change["user_id"])), ("producer", True))
            notes.same(f"order {key[0]}: in whose part", part["pickup_id"], change["pickup_id"])
    for customer in customers:
        for errand in customer.errands:
            key = customer.visit.ticket_number, errand.ticket.stall
            notes.same(f"{errand.what}: its history", kinds.pop(key, []), errand.changes)
    notes.same("histories of parts that nobody knows", dict(kinds), {})


def audit_clock(books: Books, pages: Mapping[int, str], customers: Iterable[Customer], notes: Notes) -> None:
    """Each ticket names the hour of its slot on the market's own clock."""
    zone = ZoneInfo(books.day["time_zone"])
    starts = {slot["id"]: slot["starts_at"].astimezone(zone) for slot in books.slots}
    for customer in customers:
        visit = customer.visit
        if not visit.cancelled:
            start = starts[visit.slot]
            hour = f"{start.hour} h {start.minute:02d}" if start.minute else f"{start.hour} h"
            said = text(pages.get(visit.number, ""))
            notes.same(f"ticket {visit.ticket_number}: its hour, {hour}", f"entre {hour} et" in said, True)


def audit_tickets(
    pages: Mapping[int, str], customers: Iterable[Customer], notes: Notes, gone: Collection[tuple[int, int]] = ()
) -> None:
    """Each ticket says which stalls are done, and what was paid there. `pages` by the resident's number.

    `gone`: (order, stall) of what was cancelled by itself.
    """
    for customer in customers:
        html = pages.get(customer.visit.number, "")
        what = f"ticket {customer.visit.ticket_number}"
        if customer.visit.cancelled:
            notes.same(f"{what}: void", "is-void" in html, True)
            continue
        number = customer.visit.ticket_number
        stalls = {stall.stall: stall for stall in read_ticket(html) if (number, stall.stall) not in gone}
        notes.same(f"{what}: its stalls", stalls.keys(), {errand.ticket.stall for errand in customer.errands})
        for errand in customer.errands:
            if stall := stalls.get(errand.ticket.stall):
                said = stall.collected, stall.done, stall.cents
                notes.same(f"{what}: stall {stall.stall}", said, _on_ticket(errand))


def _on_ticket(errand: Errand) -> tuple[bool, bool, int]:
    """(collected, done, cents)."""
    cents = errand.due if errand.paid is None else errand.paid
    is_paid = errand.paid is not None or errand.online or not cents
    return errand.handed_over, errand.handed_over and is_paid, cents
