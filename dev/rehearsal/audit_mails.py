"""Did every word arrive, once, and does it say what the books say?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from dev.rehearsal.audit import due_in_books, units_there
from dev.rehearsal.books import Books, Row
from dev.rehearsal.mails import Mail
from dev.rehearsal.notes import Notes

# The columns of a summary's table. Rows without an order's number are totals.
NUMBER, FIRST_NAME, CODE, PRODUCT, UNITS, AMOUNT, MOST = 2, 3, 4, 5, 6, 9, 10
FORMULA_STARTS = ("=", "+", "-", "@")

# By order number and product: (units, cents, at most cents).
Goods = dict[tuple[int, str], tuple[int, int, int]]


# What is attached to each kind of mail, if anything is: it is told apart by that.
ATTACHED = {"order-confirmation": "order-confirmation", "day-changed": "order-confirmation"}
ATTACHED |= {kind: kind for kind in ("summary", "order-cancelled")}


@dataclass(frozen=True)
class Told:
    """What residents must have been told besides, by the numbers of their orders.

    `parts`: how often that something is not given, or is after all; `days`: who stood when the day was changed, each
    time; `struck`: of whose orders the manager took something off before the market.
    """

    parts: Mapping[int, int] = field(default_factory=dict)
    days: Sequence[set[int]] = ()
    struck: Sequence[int] = ()


@dataclass(frozen=True)
class Checkpoint:
    """How things stood once all mails had left: the last summary that was made by then, and what is to bring.

    `is_exact`: whatever changed meanwhile gave its producer a new summary.
    """

    last: int
    goods: Mapping[int, Goods]
    is_exact: bool = True


def checkpoint(books: Books, *, is_exact: bool = True) -> Checkpoint:
    return Checkpoint(max((row["id"] for row in books.summaries), default=0), _live_goods(books), is_exact)


def audit_outbox(books: Books, mails: Sequence[Mail], notes: Notes, also: Told | None = None) -> None:
    """Each fact has its message, each message was sent, each sending arrived once, and nothing else did."""
    notes.same("messages not sent", [m for m in books.messages.values() if m["state"] != "sent"], [])
    told = Counter((m["kind"], m["subject_id"], m["recipient"], _revision(m)) for m in books.messages.values())
    notes.same("messages written", told, Counter(_facts(books) + facts_told(books, also or Told())))
    ids = Counter(mail.message_id for mail in mails)
    notes.same("mails that came twice", [pk for pk, count in ids.items() if count > 1], [])
    rows = Counter(int(pk.split(".")[1]) for pk in ids)
    notes.same("mails, one for each message", rows, Counter(books.messages.keys()))
    numbers = {order["order_id"]: order["number"] for order in books.orders}
    expected: Counter[tuple[str, str, int]] = Counter()
    for m in books.messages.values():
        kind = ATTACHED.get(m["kind"], "unknown")
        number = m["revision"] if kind == "summary" else numbers.get(m["subject_id"], 0) if kind != "unknown" else 0
        expected[m["recipient"], kind, number] += 1
    notes.same("mails by recipient and kind", Counter((m.recipient, m.kind, m.number) for m in mails), expected)
    links = {order["number"]: f"/billet/{_grouped(order['code'])}/" for order in books.orders}
    for mail in mails:
        if mail.kind == "order-confirmation" and books.messages[mail.message]["kind"] == mail.kind:
            notes.same(f"confirmation {mail.number}: the ticket’s link", mail.link, links.get(mail.number))


def facts_told(books: Books, also: Told) -> list[tuple[str, int, str, int]]:
    """Of changes of a part and of the day: (kind, subject, recipient, revision)."""
    orders = {order["number"]: order for order in books.orders if order["email"]}
    facts = [
        ("part-changed", orders[number]["order_id"], orders[number]["email"], 0)
        for number, count in also.parts.items()
        if number in orders
        for _time in range(count)
    ]
    producers = sorted({producer["email"] for producer in books.producers.values()})
    for standing, change in zip(also.days, books.day_changes, strict=True):
        told = (orders[number] for number in sorted(standing) if number in orders)
        facts += [("day-changed", order["order_id"], order["email"], change["id"]) for order in told]
        facts += [("day-changed-producer", books.day["id"], email, change["id"]) for email in producers]
    return facts


def audit_calls(books: Books, also: Told, notes: Notes) -> None:
    """Who left no address is on the list of calls when the day changes, or something is taken off before the market."""
    silent = {order["number"]: order["order_id"] for order in books.orders if not order["email"]}
    calls = Counter((call["kind"], call["pickup_id"]) for call in books.calls)
    days = Counter(("day-changed", silent[n]) for standing in also.days for n in standing if n in silent)
    notes.same("calls about the day", Counter({c: n for c, n in calls.items() if c[0] == "day-changed"}), days)
    struck = Counter(("part-changed", silent[number]) for number in also.struck if number in silent)
    notes.same("calls about lines taken off that nobody is asked to make", struck - calls, Counter())


def _revision(message: Row) -> int:
    """A change of a part is counted by its order, whichever it was."""
    return 0 if message["kind"] == "part-changed" else int(message["revision"])


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


def audit_summaries(books: Books, mails: Sequence[Mail], notes: Notes, checkpoints: Sequence[Checkpoint] = ()) -> None:
    """Each producer's summaries say how things stood; each differs from the one before by what was said."""
    checkpoints = checkpoints or [checkpoint(books)]
    tables = {(mail.recipient, mail.number): mail.table for mail in mails if mail.kind == "summary"}
    revisions: defaultdict[int, list[Row]] = defaultdict(list)
    for summary in books.summaries:
        revisions[summary["producer_id"]].append(summary)
    ordered_once = {line["producer_id"] for line in books.live_lines}
    notes.same("producers with live orders and no summary", ordered_once - revisions.keys(), set())
    for producer, summaries in revisions.items():
        slug, email = books.producers[producer]["slug"], books.producers[producer]["email"]
        notes.same(f"{slug}: revisions", [s["revision"] for s in summaries], list(range(1, len(summaries) + 1)))
        read = [goods_in(f"{slug} r{s['revision']}", tables.get((email, s["revision"]), []), notes) for s in summaries]
        _audit_over_time(slug, producer, zip(summaries, read, strict=True), checkpoints, notes)
        for before, after, summary in zip(read, read[1:], summaries[1:], strict=False):
            said = {(c["number"], c["title"]): (c["before"], c["after"]) for c in summary["changes"] if "number" in c}
            notes.same(f"{slug}: changes of revision {summary['revision']}", said, _changes(before, after))
        notes.same(f"{slug}: acknowledged", summaries[-1]["acknowledged_at"] is not None, True)
        _audit_people(slug, tables.get((email, len(summaries)), []), books, notes)


def _audit_over_time(
    slug: str, producer: int, read: Iterable[tuple[Row, Goods]], checkpoints: Sequence[Checkpoint], notes: Notes
) -> None:
    """At an exact checkpoint the last summary is what there was to bring; of any other, what was before or after."""
    summaries, last, before = list(read), 0, Goods()
    for one in checkpoints:
        now = one.goods.get(producer, {})
        known = [(summary["id"], goods) for summary, goods in summaries if summary["id"] <= one.last]
        if one.is_exact:
            notes.same(f"{slug}: the last summary", known[-1][1] if known else {}, now)
        else:
            for goods in (goods for pk, goods in known if pk > last):
                keys = goods.keys() | now.keys() | before.keys()
                wrong = {key: goods.get(key) for key in keys if goods.get(key) not in (now.get(key), before.get(key))}
                notes.same(f"{slug}: a summary made meanwhile", wrong, {})
        last, before = one.last, now


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
        if units := units_there(line):
            due, key = due_in_books(line), (numbers[line["order_id"]], line["title"])
            is_known = line["given_cents"] is not None or line["final_cents"] is not None
            goods[line["producer_id"]][key] = units, due, due if is_known else line["max_cents"]
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
