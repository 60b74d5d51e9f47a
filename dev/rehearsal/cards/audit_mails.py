"""Was everybody told of what became of their money?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dev.rehearsal.audit_mails import Told, facts_told
from dev.rehearsal.books import Books
from dev.rehearsal.cards.ledger import read_ledger
from dev.rehearsal.cards.ways import Way
from dev.rehearsal.cards.week import CardWeek
from dev.rehearsal.mails import Mail
from dev.rehearsal.notes import Notes


def audit_outbox_with_cards(books: Books, mails: Sequence[Mail], cards: CardWeek, also: Told, notes: Notes) -> None:
    """Each message was sent and arrived once; each fact about money has its message."""
    notes.same("messages not sent", [m for m in books.messages.values() if m["state"] != "sent"], [])
    ids = Counter(mail.message_id for mail in mails)
    notes.same("mails that came twice", [pk for pk, count in ids.items() if count > 1], [])
    rows = Counter(int(pk.split(".")[1]) for pk in ids)
    notes.same("mails, one for each message", rows, Counter(books.messages.keys()))
    told = Counter((m["kind"], m["subject_id"]) for m in books.messages.values())
    besides: dict[str, Counter[int]] = {"part-changed": Counter(), "day-changed": Counter()}
    for kind, subject, _recipient, _revision in facts_told(books, also):
        besides.setdefault(kind, Counter())[subject] += 1
    for kind, facts in {**_facts(books, cards), **besides}.items():
        found = Counter({subject: count for (of, subject), count in told.items() if of == kind})
        notes.same(f"messages written, {kind}", found, facts)


def _facts(books: Books, cards: CardWeek) -> dict[str, Counter[int]]:
    """By kind of message, how many must have been written about which order (its key)."""
    ledger = read_ledger(cards.week.stage.database_url)
    pks = {order["number"]: order["order_id"] for order in books.orders}
    by_mail = {order["order_id"]: order for order in books.orders if order["email"]}
    never = {
        visit.ticket_number for visit in cards.week.visits if visit.card and visit.card.session
        and not visit.card.held and not visit.card.at_stalls
    }  # fmt: skip
    refunds = Counter(
        next(a["order_id"] for a in ledger.attempts if a["id"] == row["attempt_id"])
        for row in ledger.instructions
        if (row["kind"], row["state"]) == ("refund", "done")
    )
    unconfirmed = {pks[number] for number in never} | _cancelled_while_paying(cards, pks)
    asked = {pks[visit.ticket_number] for visit in cards.week.visits if visit.card and visit.card.session}
    return {
        "order-awaits-payment": Counter(pk for pk in by_mail if pk in asked),
        "order-confirmation": Counter(pk for pk in by_mail if pk not in unconfirmed),
        "order-cancelled": Counter(pk for pk, order in by_mail.items() if order["cancelled_at"]),
        "order-refunded": Counter({pk: count for pk, count in refunds.items() if pk in by_mail}),
        "part-cancelled": Counter(pks[number] for number, _stall in cards.gone if pks[number] in by_mail),
        "order-charged": Counter(
            row["order_id"] for row in ledger.attempts if row["state"] == "captured" and row["order_id"] in by_mail
        ),
    }


def _cancelled_while_paying(cards: CardWeek, pks: dict[int, int]) -> set[int]:
    """Paid in one tab after they were cancelled in another: never confirmed."""
    return {
        pks[visit.ticket_number]
        for visit in cards.week.visits
        if visit.card and visit.card.held and visit.card.way is Way.CANCELS_AND_PAYS
    }
