"""Are the books right? Every check compares what stands in one place with what it must be by another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from decimal import ROUND_HALF_UP, Decimal

from dev.rehearsal.books import Books, Row
from dev.rehearsal.manager import DaySeen
from dev.rehearsal.market import Visit
from dev.rehearsal.notes import Notes


def audit_stock(books: Books, notes: Notes) -> None:
    """No listing, slot or cap exceeded; every counter is what its rows add up to."""
    sold: Counter[int] = Counter()
    live = {line["line_id"] for line in books.live_lines}
    for line in books.lines:  # what there was not of an order that was cancelled is not given back
        sold[line["listing_id"]] += line["quantity"] - (0 if line["line_id"] in live else units_there(line))
    for pk, listing in books.listings.items():
        notes.same(f"listing {pk}: reserved", listing["reserved"], sold[pk])
        notes.same(f"listing {pk}: within its quantity", sold[pk] <= listing["quantity"], True)
    taken = Counter(order["slot_id"] for order in books.live_orders.values())
    for slot in books.slots:
        notes.same(f"slot {slot['id']}: reserved", slot["reserved"], taken[slot["id"]])
        notes.same(f"slot {slot['id']}: within its capacity", taken[slot["id"]] <= slot["capacity"], True)
    notes.same("the day: orders counted", books.day["orders_count"], len(books.live_orders))
    notes.same("the day: within its cap", len(books.live_orders) <= books.day["order_cap"], True)


def audit_numbers(books: Books, notes: Notes, gone: Collection[int] = ()) -> None:
    """Numbers run from 1 without a gap, cancelled orders included; codes are unique; nothing hangs in the air.

    `gone`: the parts that were cancelled by themselves.
    """
    numbers = [order["number"] or 0 for order in books.orders]
    notes.same("order numbers", sorted(numbers), list(range(1, len(numbers) + 1)))
    notes.same("the day: last number", books.day["last_number"], len(numbers))
    notes.same("ticket codes, each once", len({order["code"] for order in books.orders}), len(books.orders))
    notes.same("baskets closed without an order", books.stray_baskets, [])
    cancelled = {order["order_id"] for order in books.orders if order["cancelled_at"]}
    told = Counter(
        change["pickup_id"] for change in books.changes if change["kind"] == "cancelled" and not change["part_id"]
    )
    notes.same("cancellations told by whom and why", told, Counter(cancelled))
    for order in books.orders:
        what = f"order {order['number']}"
        notes.same(f"{what}: day", (order["day_id"], order["slot_day"]), (books.day["id"], books.day["id"]))
        notes.same(f"{what}: status", order["status"], "cancelled" if order["cancelled_at"] else "placed")
        notes.same(f"{what}: its basket", (order["basket_status"], order["basket_open"]), ("Submitted", False))
        notes.same(f"{what}: placed before the cutoff", order["placed_at"] < books.day["closes_at"], True)
    for part in books.parts.values():
        notes.same(
            f"part {part['id']}: cancelled",
            bool(part["cancelled_at"]),
            part["pickup_id"] in cancelled or part["id"] in gone,
        )


def audit_money(books: Books, notes: Notes, gone: Collection[int] = ()) -> None:
    """Each line from its price and weight, each part from its lines, each order from its parts, to the cent.

    `gone`: the parts that were cancelled by themselves; Oscar's total is of what was ordered.
    """
    parts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    orders: defaultdict[int, Counter[str]] = defaultdict(Counter)
    kept: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for line in books.lines:
        what = f"line {line['line_id']}"
        amount, most = line_cents(line, line["expected_grams"]), line_cents(line, line["max_grams"])
        vat = amount - half_up(Decimal(amount * 10_000) / (10_000 + line["rate_bp"]))
        notes.same(f"{what}: amount", line["amount_cents"], amount)
        notes.same(f"{what}: at most", line["max_cents"], most)
        notes.same(f"{what}: VAT", (line["vat_bp"], line["vat_cents"]), (line["rate_bp"], vat))
        notes.same(f"{what}: Oscar’s quantity", line["line_quantity"], line["quantity"])
        notes.same(f"{what}: Oscar’s price", line["line_price_incl_tax"], euros(amount))
        notes.same(f"{what}: Oscar’s price without VAT", line["line_price_excl_tax"], euros(amount - vat))
        notes.same(f"{what}: one order", line["pickup_id"], line["order_id"])
        notes.same(f"{what}: one producer", line["listing_producer"], line["producer_id"])
        of_line = [parts[line["part_id"]], orders[line["order_id"]]]
        for sums in of_line if line["part_id"] in gone else [*of_line, kept[line["order_id"]]]:
            sums.update(total_cents=amount, max_cents=most, vat_cents=vat)
    notes.same("parts without lines", books.parts.keys() - parts.keys(), set())
    for pk, part in books.parts.items():
        for name in ("total_cents", "max_cents", "vat_cents"):
            notes.same(f"part {pk}: {name}", part[name], parts[pk][name])
    for order in books.orders:
        what, sums = f"order {order['number']}", orders[order["order_id"]]
        left = kept[order["order_id"]]
        notes.same(f"{what}: total", order["total_cents"], left["total_cents"])
        notes.same(f"{what}: at most", order["max_cents"], left["max_cents"])
        notes.same(f"{what}: Oscar’s total", order["total_incl_tax"], euros(sums["total_cents"]))
        without_vat = euros(sums["total_cents"] - sums["vat_cents"])
        notes.same(f"{what}: Oscar’s total without VAT", order["total_excl_tax"], without_vat)


def audit_residents(books: Books, visits: Iterable[Visit], notes: Notes) -> None:
    """Who saw a ticket has exactly the order that was confirmed; nobody else has one."""
    by_code = {order["code"]: order for order in books.orders}
    lines: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for line in books.lines:
        lines[line["order_id"]][line["listing_id"]] = line["quantity"]
    seen: Counter[str] = Counter()
    for visit in visits:
        codes = {ticket.strip("/").rpartition("/")[2].replace("-", "") for ticket in visit.tickets}
        seen.update(codes)
        what = f"resident {visit.number}"
        if not visit.has_ticket:
            continue
        notes.same(f"{what}: tickets", len(codes), 1)
        order = by_code.get(min(codes))
        if order is None:
            notes.differ(f"{what}: saw a ticket that no order has")
            continue
        notes.same(f"{what}: name", order["name"], visit.name)
        notes.same(f"{what}: number on the ticket", visit.ticket_number, order["number"])
        notes.same(f"{what}: slot", order["slot_id"], visit.slot)
        notes.same(f"{what}: what was ordered", lines[order["order_id"]], visit.lines)
        notes.same(f"{what}: the total above the button", order["total_cents"], visit.total)
        notes.same(f"{what}: cancelled", bool(order["cancelled_at"]), visit.cancelled)
    notes.same("tickets, each seen by one resident", seen, Counter(by_code.keys()))


def audit_manager(books: Books, seen: DaySeen, notes: Notes) -> None:
    """The manager's page says what the tables say."""
    live = books.live_orders
    notes.same("manager: orders", (seen.orders_count, seen.cap), (len(live), books.day["order_cap"]))
    notes.same("manager: places taken", seen.places_taken, len(live))
    producers = {summary["producer_id"] for summary in books.summaries}
    notes.same("manager: summaries", (seen.acknowledged, seen.summaries), (len(producers), len(producers)))
    due: Counter[int] = Counter()
    due_of_part: Counter[int] = Counter()
    for line in books.live_lines:
        due[line["order_id"]] += due_in_books(line)
        due_of_part[line["part_id"]] += due_in_books(line)
    notes.same("manager: amount", seen.total_cents, due.total())
    stands: dict[str, tuple[int, int]] = {producer["slug"]: (0, 0) for producer in books.producers.values()}
    for pk, part in books.parts.items():
        if part["pickup_id"] in live:
            slug = books.producers[part["producer_id"]]["slug"]
            count, total = stands[slug]
            stands[slug] = (count + 1, total + due_of_part[pk])
    notes.same("manager: producers", seen.stands, stands)
    listed = {o["number"]: due[o["order_id"]] if o["order_id"] in live else o["total_cents"] for o in books.orders}
    notes.same("manager: list of orders", seen.orders, listed)


def units_there(line: Row) -> int:
    """How many of the units ordered there were, as far as one knew."""
    if line["missing"] or line["struck"]:
        return 0
    return int(next(line[n] for n in ("given_quantity", "prepared_quantity", "quantity") if line[n] is not None))


def line_cents(line: Row, grams_of_weighed: int | None) -> int:
    """Cents of a line; a weighed piece weighs `grams_of_weighed`. One rounding, halves up."""
    grams = {"weight": line["step_grams"], "weighed": grams_of_weighed}.get(line["unit"])
    if grams is None:
        return int(line["price_cents"] * line["quantity"])
    return half_up(Decimal(line["price_cents"] * grams * line["quantity"]) / 1000)


def cents_of(line: Row, units: int, grams: int | None = None) -> int:
    """Cents of so many units of a line; of weighed pieces those of `grams`, at most their maximum, else as expected."""
    some = {**line, "quantity": units}
    if line["unit"] != "weighed" or grams is None:
        return line_cents(some, line["expected_grams"])
    return min(half_up(Decimal(line["price_cents"] * grams) / 1000), line_cents(some, line["max_grams"]))


def due_in_books(line: Row) -> int:
    """Cents that are owed for a line that is not cancelled, by the tables."""
    if line["missing"] or line["struck"]:
        return 0
    return int(next(line[n] for n in ("given_cents", "final_cents", "amount_cents") if line[n] is not None))


def half_up(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def euros(cents: int) -> Decimal:
    return Decimal(cents) / 100
