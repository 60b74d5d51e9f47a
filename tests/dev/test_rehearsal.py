"""A small rehearsal passes; its audit notices whatever is wrong, and its readers read what people read."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import gettext

from dev.rehearsal import report
from dev.rehearsal.audit import audit_money, audit_numbers, audit_residents, audit_stock
from dev.rehearsal.audit_mails import audit_outbox, audit_summaries
from dev.rehearsal.books import Books
from dev.rehearsal.mails import Mail, read_mail
from dev.rehearsal.manager import cents
from dev.rehearsal.market import Visit
from dev.rehearsal.notes import Notes
from dev.rehearsal.pages import Page
from dev.rehearsal.people import resident
from dev.rehearsal.refusals import refusals_in
from tests.dev.rehearse import rehearse

NOON = datetime(2026, 11, 26, 11, tzinfo=UTC)  # the cutoff


@pytest.mark.process
def test_a_week_of_twelve_residents_ends_with_no_difference() -> None:
    result = rehearse(ORDERS="12", SEED="1")
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.endswith("\n0 differences\n")


@pytest.mark.process
@pytest.mark.parametrize("orders", ["0", "11", "10000", "-5", "many"])
def test_a_number_of_residents_that_makes_no_sense_is_refused(orders: str) -> None:
    result = rehearse(ORDERS=orders)
    assert result.returncode == 1
    assert f"ORDERS={orders} is not a number from 12 to 9999." in result.stderr


# --- What the audit notices ------------------------------------------------------------------------


class Week:
    """Léa ordered two cauliflowers, Odette one and cancelled; the producer and both were told."""

    def __init__(self) -> None:
        sold = {"listing_id": 3, "unit": "piece", "price_cents": 211, "step_grams": None, "expected_grams": None}
        sold |= {"max_grams": None, "listing_producer": 4, "producer_id": 4, "title": "Chou-fleur"}
        sold |= {"vat_bp": 550, "rate_bp": 550, "missing": False, "struck": "", "final_cents": None}
        sold |= {"given_cents": None, "given_quantity": None, "prepared_quantity": None}
        self.books = Books(
            day={"id": 1, "orders_count": 1, "order_cap": 1, "last_number": 2, "closes_at": NOON},
            slots=[{"id": 2, "reserved": 1, "capacity": 1}],
            listings={3: {"reserved": 2, "quantity": 2}},
            producers={4: {"slug": "ferme", "email": "ferme@example.org"}},
            orders=[self.order(10, 1, "Léa", 422, 22), self.order(11, 2, "Odette", 211, 11)],
            parts={20: self.part(10, 422, 22), 21: self.part(11, 211, 11)},
            lines=[
                {**sold, **self.line(30, 10, 20, 2, 422, 22)},
                {**sold, **self.line(31, 11, 21, 1, 211, 11)},
            ],
            changes=[{"pickup_id": 11, "part_id": None, "kind": "cancelled"}],
            summaries=[
                {"id": 40, "producer_id": 4, "revision": 1, "changes": [], "acknowledged_at": NOON},
            ],
            messages={
                50: self.message("order-confirmation", 10, "lea@example.org"),
                51: self.message("order-cancelled", 11, "odette@example.org"),
                52: self.message("order-confirmation", 11, "odette@example.org"),
                53: self.message("summary", 40, "ferme@example.org"),
            },
            stray_baskets=[],
        )
        self.books.orders[1] |= {"cancelled_at": NOON, "status": "cancelled"}
        self.books.parts[21]["cancelled_at"] = NOON
        total = ["total", "", "", "", "", "Chou-fleur", "2", "2", "", "4,22", "4,22", "", "", ""]
        line = ["order", "8 h", "1", "Léa", "CODE", "Chou-fleur", "2", "2", "", "4,22", "4,22", "", "", ""]
        self.mails = [
            Mail("lea@example.org", "<message.50.1@x>", "order-confirmation", 1, "/billet/CODE-0000-0010/"),
            Mail("odette@example.org", "<message.51.1@x>", "order-cancelled", 2, ""),
            Mail("odette@example.org", "<message.52.1@x>", "order-confirmation", 2, "/billet/CODE-0000-0011/"),
            Mail("ferme@example.org", "<message.53.1@x>", "summary", 1, "/recapitulatif/t/", [total, line]),
        ]
        self.visits = [
            Visit(0, "Léa", {3: 2}, 2, 422, ["/billet/CODE-0000-0010/"], 1),
            Visit(1, "Odette", {3: 1}, 2, 211, ["/billet/CODE-0000-0011/"], 2, cancelled=True),
            Visit(2, "Zoé", ended="came too late"),
        ]

    @staticmethod
    def order(pk: int, number: int, name: str, total: int, vat: int) -> dict[str, Any]:
        return {
            "order_id": pk, "number": number, "code": f"CODE{pk:08d}", "name": name, "slot_id": 2, "slot_day": 1,
            "email": "lea@example.org" if number == 1 else "odette@example.org", "day_id": 1, "status": "placed",
            "cancelled_at": None, "placed_at": NOON - timedelta(days=1), "basket_status": "Submitted",
            "basket_open": False, "total_cents": total, "max_cents": total,
            "total_incl_tax": Decimal(total) / 100, "total_excl_tax": Decimal(total - vat) / 100,
        }  # fmt: skip

    @staticmethod
    def part(order: int, total: int, vat: int) -> dict[str, Any]:
        amounts = {"total_cents": total, "max_cents": total, "vat_cents": vat}
        return {"id": order + 10, "pickup_id": order, "producer_id": 4, "cancelled_at": None, **amounts}

    @staticmethod
    def line(pk: int, order: int, part: int, quantity: int, amount: int, vat: int) -> dict[str, Any]:
        return {
            "line_id": pk, "order_id": order, "pickup_id": order, "part_id": part, "quantity": quantity,
            "line_quantity": quantity, "amount_cents": amount, "max_cents": amount, "vat_cents": vat,
            "line_price_incl_tax": Decimal(amount) / 100, "line_price_excl_tax": Decimal(amount - vat) / 100,
        }  # fmt: skip

    @staticmethod
    def message(kind: str, subject: int, recipient: str) -> dict[str, Any]:
        return {"kind": kind, "subject_id": subject, "recipient": recipient, "revision": 1, "state": "sent"}

    def differences(self) -> list[str]:
        notes = Notes()
        for audit in (audit_stock, audit_numbers, audit_money):
            audit(self.books, notes)
        audit_residents(self.books, self.visits, notes)
        audit_outbox(self.books, self.mails, notes)
        audit_summaries(self.books, self.mails, notes)
        return notes.differences


def test_right_books_have_no_difference() -> None:
    assert Week().differences() == []


WRONGS: dict[str, tuple[Callable[[Week], object], str]] = {
    "a counter that its rows do not give": (lambda w: w.books.listings[3].update(reserved=3), "listing 3: reserved"),
    "an oversold listing": (lambda w: w.books.listings[3].update(quantity=1), "listing 3: within its quantity"),
    "a crowded slot": (lambda w: w.books.slots[0].update(capacity=0), "slot 2: within its capacity"),
    "a day beyond its cap": (lambda w: w.books.day.update(order_cap=0), "the day: within its cap"),
    "a gap in the numbers": (lambda w: w.books.orders[1].update(number=3), "order numbers"),
    "an order after the cutoff": (lambda w: w.books.orders[0].update(placed_at=NOON), "placed before the cutoff"),
    "a cancellation by nobody": (lambda w: w.books.changes.clear(), "cancellations told by whom"),
    "a line with another amount": (lambda w: w.books.lines[0].update(amount_cents=423), "line 30: amount"),
    "a wrong VAT": (lambda w: w.books.lines[0].update(vat_cents=21), "line 30: VAT"),
    "a part that is not its lines": (lambda w: w.books.parts[20].update(total_cents=421), "part 20: total_cents"),
    "another total at Oscar’s": (
        lambda w: w.books.orders[0].update(total_incl_tax=Decimal("4.21")), "order 1: Oscar’s total"
    ),
    "a ticket that nobody saw": (lambda w: w.visits.pop(0), "tickets, each seen by one resident"),
    "a ticket seen by two": (lambda w: w.visits[2].tickets.append("/billet/CODE-0000-0010/"), "tickets, each seen"),
    "another quantity than was confirmed": (lambda w: w.visits[0].lines.update({3: 1}), "what was ordered"),
    "another total than above the button": (lambda w: setattr(w.visits[0], "total", 400), "the total above the button"),
    "a lost mail": (lambda w: w.mails.pop(0), "mails, one for each message"),
    "a mail sent twice": (lambda w: w.mails.append(w.mails[0]), "mails that came twice"),
    "a message that was never written": (lambda w: w.books.messages.pop(51), "messages written"),
    "a message that waits": (lambda w: w.books.messages[50].update(state="waiting"), "messages not sent"),
    "a summary without a line": (lambda w: w.mails[3].table.pop(1), "ferme: the last summary"),
    "a summary with another quantity": (lambda w: w.mails[3].table[1].__setitem__(6, "3"), "totals less what"),
    "a summary for somebody else": (lambda w: w.mails[3].table[1].__setitem__(3, "Zoé"), "who order 1 is for"),
    "a summary that nobody acknowledged": (
        lambda w: w.books.summaries[0].update(acknowledged_at=None), "ferme: acknowledged"
    ),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONGS)
def test_the_audit_notices(wrong: str) -> None:
    week = Week()
    week.books, week.mails = deepcopy(week.books), deepcopy(week.mails)
    spoil, said = WRONGS[wrong]
    spoil(week)
    assert any(said in difference for difference in week.differences()), week.differences()


# --- What is read ----------------------------------------------------------------------------------


def test_a_form_is_read_as_a_browser_would_send_it() -> None:
    html = b"""<form action="/a/?b=1&amp;c" method="post"><input type="hidden" name="token" value="x&quot;y">
    <input type="radio" name="slot" value="1" disabled><input type="radio" name="slot" value="2" checked>
    <input type="radio" name="slot" value="3"><input type="checkbox" name="on">
    <input type="number" name="q" value="0" max="7"><button name="d" value="1">+</button>
    <button name="d" value="">0</button><button>Send</button>
    <select name="why"><option value="a">A</option><option value="b" selected>B</option></select></form>"""
    form = Page(200, "/", html).forms[0]
    assert form.action == "/a/?b=1&c"
    assert form.fields == {"token": 'x"y', "slot": "2", "q": "0", "why": "b"}
    assert form.choices == {"slot": ["2", "3"]}
    assert form.limits == {"q": 7}
    assert form.buttons == {"d": ["1", ""]}


def test_only_warnings_and_errors_are_taken_for_what_went_wrong() -> None:
    html = """<div class="note note--success"><p>Saved.</p></div><div class="note note--error" role="alert">
    <ul><li>Poireaux&nbsp;: <b>épuisé</b>.</li></ul></div>"""
    assert Page(409, "/", html.encode()).sentences == ["Poireaux : épuisé ."]


def test_a_refusal_is_known_by_its_sentence_in_french() -> None:
    assert refusals_in(["Un message quelconque."]) == []
    with translation.override("fr"):
        closed = gettext("Orders for this market day are closed.")
    assert refusals_in([closed]) == ["orders closed"]


def test_an_amount_is_read_in_both_languages() -> None:
    assert [cents("1 234,50 €"), cents("€1,234.50"), cents("0,05 €")] == [123_450, 123_450, 5]


def test_a_mail_is_known_by_what_is_attached() -> None:
    mail = EmailMessage()
    mail["To"], mail["Message-ID"] = "ferme@example.org", "<message.7.1@x>"
    mail.set_content("Voici :\nhttp://127.0.0.1/recapitulatif/abc/\n")
    name = "recapitulatif-ferme-2026-11-28-r2.csv"
    mail.add_attachment(b'\xef\xbb\xbfa;b\r\n1;"x; y"\r\n', maintype="text", subtype="csv", filename=name)
    expected = Mail("ferme@example.org", "<message.7.1@x>", "summary", 2, "/recapitulatif/abc/", [["1", "x; y"]])
    assert read_mail(mail) == expected


def test_the_same_seed_gives_the_same_residents() -> None:
    assert [resident(n, "7") for n in range(50)] == [resident(n, "7") for n in range(50)]
    assert [resident(n, "7").name for n in range(50)] != [resident(n, "8").name for n in range(50)]


def test_no_two_residents_share_an_address() -> None:
    everybody = [resident(n, "1") for n in range(2_000)]
    emails, phones = [p.email for p in everybody if p.email], [p.phone for p in everybody if p.phone]
    assert len(set(emails)) == len(emails)
    assert len(set(phones)) == len(phones)
    assert all(p.email or p.phone for p in everybody)


def test_a_percentile_is_one_of_the_values() -> None:
    assert [report.percentile([float(n) for n in range(1, 101)], p) for p in (50, 95, 100)] == [50, 95, 100]
    assert report.percentile([3.0], 95) == 3
