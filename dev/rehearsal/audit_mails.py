"""Did every word arrive, once, and does it say what the books say?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal

from dev.rehearsal.books import Books, Row
from dev.rehearsal.mails import Mail
from dev.rehearsal.notes import Notes

# The columns of a summary's table. Rows without an order's number are totals.
NUMBER, FIRST_NAME, CODE, PRODUCT, UNITS, AMOUNT, MOST = 2, 3, 4, 5, 6, 9, 10
FORMULA_STARTS = ("=", "+", "-", "@")

# By order number and product: (units, cents, at most cents).
Goods = dict[tuple[int, str], tuple[int, int, int]]


def audit_outbox(books: Books, mails: Sequence[Mail], notes: Notes) -> None:
    """Each fact has its message, each message was sent, each sending arrived once, and nothing else did."""
    notes.same("messages not sent", [m for m in books.messages.values() if m["state"] != "sent"], [])
    facts = Counter(_facts(books))
    told = Counter((m["kind"], m["subject_id"], m["recipient"], m["revision"]) for m in books.messages.values())
    notes.same("messages written", told, facts)
    ids = Counter(mail.message_id for mail in mails)
    notes.same("mails that came twice", [pk for pk, count in ids.items() if count > 1], [])
    rows = Counter(int(pk.split(".")[1]) for pk in ids)
    notes.same("mails, one for each message", rows, Counter(books.messages.keys()))
    numbers = {order["order_id"]: order["number"] for order in books.orders}
    expected = Counter(
        (m["recipient"], m["kind"], m["revision"] if m["kind"] == "summary" else numbers[m["subject_id"]])
        for m in books.messages.values()
    )
    notes.same("mails by recipient and kind", Counter((m.recipient, m.kind, m.number) for m in mails), expected)
    links = {order["number"]: f"/billet/{_grouped(order['code'])}/" for order in books.orders}
    for mail in mails:
        if mail.kind == "order-confirmation":
            notes.same(f"confirmation {mail.number}: the ticket’s link", mail.link, links.get(mail.number))


def _facts(books: Books) -> list[tuple[str, int, str, int]]:
    """What must have been told: (kind, subject, recipient, revision)."""
    facts = []
    for order in books.orders:
        if order["email"]:
            facts.append(("order-confirmation", order["order_id"], order["email"], 1))
        if order["email"] and order["cancelled_at"]:
            facts.append(("order-cancelled", order["order_id"], order["email"], 1))
    for summary in books.summaries:
        recipient = books.producers[summary["producer_id"]]["email"]
        facts.append(("summary", summary["id"], recipient, summary["revision"]))
    return facts


def audit_summaries(books: Books, mails: Sequence[Mail], notes: Notes) -> None:
    """The last summary of each producer is the sum of its live lines; each one before differs by what was said."""
    tables = {(mail.recipient, mail.number): mail.table for mail in mails if mail.kind == "summary"}
    revisions: defaultdict[int, list[Row]] = defaultdict(list)
    for summary in books.summaries:
        revisions[summary["producer_id"]].append(summary)
    live = _live_goods(books)
    ordered_once = {line["producer_id"] for line in books.live_lines}
    notes.same("producers with live orders and no summary", ordered_once - revisions.keys(), set())
    for producer, summaries in revisions.items():
        slug, email = books.producers[producer]["slug"], books.producers[producer]["email"]
        notes.same(f"{slug}: revisions", [s["revision"] for s in summaries], list(range(1, len(summaries) + 1)))
        read = [goods_in(f"{slug} r{s['revision']}", tables.get((email, s["revision"]), []), notes) for s in summaries]
        notes.same(f"{slug}: the last summary", read[-1], live[producer])
        for before, after, summary in zip(read, read[1:], summaries[1:], strict=False):
            said = {(c["number"], c["title"]): (c["before"], c["after"]) for c in summary["changes"] if "number" in c}
            notes.same(f"{slug}: changes of revision {summary['revision']}", said, _changes(before, after))
        notes.same(f"{slug}: acknowledged", summaries[-1]["acknowledged_at"] is not None, True)
        _audit_people(slug, tables.get((email, len(summaries)), []), books, notes)


def goods_in(what: str, table: list[list[str]], notes: Notes) -> Goods:
    """The packing list of a summary's table, compared with the totals above it."""
    goods: Goods = {}
    totals: Counter[str] = Counter()
    for row in table:
        values = int(row[UNITS]), _cents(row[AMOUNT]), _cents(row[MOST])
        title = _unquoted(row[PRODUCT])
        sign = 1
        if row[NUMBER]:
            notes.same(
                f"{what}: order {row[NUMBER]} with one line of {title}", (int(row[NUMBER]), title) in goods, False
            )
            goods[int(row[NUMBER]), title] = values
            sign = -1
        for name, value in zip(("units", "amount", "most"), values, strict=True):
            totals[f"{title}: {name}"] += sign * value
    notes.same(f"{what}: totals less what the orders hold", {k: v for k, v in totals.items() if v}, {})
    return goods


def _live_goods(books: Books) -> defaultdict[int, Goods]:
    numbers = {order["order_id"]: order["number"] for order in books.orders}
    goods: defaultdict[int, Goods] = defaultdict(dict)
    for line in books.live_lines:
        key = numbers[line["order_id"]], line["title"]
        goods[line["producer_id"]][key] = line["quantity"], line["amount_cents"], line["max_cents"]
    return goods


def _changes(before: Goods, after: Goods) -> dict[tuple[int, str], tuple[int, int]]:
    """(units before, units after) of every line that is not the same."""
    units = {key: (before.get(key, (0,))[0], after.get(key, (0,))[0]) for key in before.keys() | after.keys()}
    return {key: pair for key, pair in units.items() if pair[0] != pair[1]}


def _audit_people(slug: str, table: list[list[str]], books: Books, notes: Notes) -> None:
    """A packing list shows the first name and the first four signs of the code, and nothing more of who it is."""
    people = {str(order["number"]): (order["name"].split()[0], order["code"][:4]) for order in books.orders}
    for row in table:
        if row[NUMBER]:
            shown = _unquoted(row[FIRST_NAME]), row[CODE]
            notes.same(f"{slug}: who order {row[NUMBER]} is for", shown, people[row[NUMBER]])


def _unquoted(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from taking a cell for a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell


def _cents(euros: str) -> int:
    return int(Decimal(euros.replace(",", ".")) * 100)


def _grouped(code: str) -> str:
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))
