"""A stall on the market day: a few telephones, the residents who wait for it, and how it deals with each."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import PriorityQueue

from dev.rehearsal.audit import cents_of
from dev.rehearsal.books import Row
from dev.rehearsal.errands import FEWER, MISSING, Customer, Errand, Fate
from dev.rehearsal.market import Visit
from dev.rehearsal.notes import Notes
from dev.rehearsal.pages import Page
from dev.rehearsal.phones import LIST, OPEN, TICK, WAYS, Counter, Phone

LIGHTEST = 92  # per cent of the estimate that a weighed piece comes to at least
LAST = 10_000  # comes after everybody else

# (rank of the slot, who came first, (the customer, the stalls that are left of the walk, this one first)).
Waiting = tuple[int, int, tuple[Customer, list[Errand]]]


@dataclass
class StallAtWork:
    """`spare`: the telephone that scans what another one is scanning. `stranger`: somebody who ordered nothing here.

    `ordered`: what a line costs and weighs, by the order's number and the product's title.
    """

    number: int
    phones: list[Phone]
    spare: Phone
    stranger: Visit | None
    notes: Notes
    ordered: Mapping[tuple[int, str], Row] = field(default_factory=dict)
    waiting: PriorityQueue[Waiting] = field(default_factory=PriorityQueue)
    unpaid: list[Errand] = field(default_factory=list)
    _spare_in_use: threading.Lock = field(default_factory=threading.Lock)

    def serve(self, phone: Phone, errand: Errand) -> None:
        """Find the order, and deal with it as its fate is."""
        counter = phone.reads(phone.find(errand, errand.dice.choice(WAYS)), errand)
        self._look_for_goods(errand)
        deal = {
            Fate.TWICE: self._twice,
            Fate.LATER: self._without_payment,
            Fate.EARLIER: self._paid_before,
            Fate.MISTAKEN: self._done_again,
            Fate.MISTYPED: self._after_mistakes,
        }.get(errand.fate, self._plainly)
        deal(phone, counter, errand)
        self.notes.count(f"parts {errand.fate}")

    def take_late_payments(self) -> None:
        """In the evening: those who took their goods and had no money with them."""
        phone = self.phones[0]
        owing = phone.browser.get(f"{phone.path}?liste=a-payer", LIST)
        for errand in self.unpaid:
            order = phone.order_path(errand.visit)
            self.notes.same(f"{errand.what}: listed as not paid", order in owing.links, True)
            page = phone.find(errand, "number")
            buttons = next((form.buttons for form in page.forms if form.action.endswith("/payer/")), {})
            means, amount = errand.dice.choice(buttons.get("means") or [""]), errand.due
            phone.pays(page, errand, means, amount)

    def look_at_what_is_left(self, left: list[Errand]) -> None:
        """The list of what nobody collected, and the pages of these orders."""
        phone = self.phones[0]
        listed = phone.browser.get(phone.path, LIST).links
        numbers = {link for link in listed if link.startswith(phone.path) and link != phone.path and "?" not in link}
        wanted = {phone.order_path(errand.visit) for errand in left}
        self.notes.same(f"stall {self.number}: what is left to hand over", numbers, wanted)
        for errand in left:
            phone.reads(phone.browser.get(phone.order_path(errand.visit), OPEN), errand)

    # --- How an order can go ----------------------------------------------------------------------

    def _plainly(self, phone: Phone, counter: Counter, errand: Errand) -> None:
        means, amount = self._payment(counter, errand)
        page = phone.hands_over(counter, errand, means, amount)
        self._done(phone, page, errand)
        errand.note_paid(means, amount)

    def _twice(self, phone: Phone, counter: Counter, errand: Errand) -> None:
        """Two telephones have the order before them, and both press the button: one of them is told so."""
        means, amount = self._payment(counter, errand)
        with self._spare_in_use, ThreadPoolExecutor(2) as both:
            other = self.spare.reads(self.spare.find(errand, "scan"), errand)
            hands = (phone, counter), (self.spare, other)
            pages = list(both.map(lambda hand: hand[0].hands_over(hand[1], errand, means, amount), hands))
            told = [which.sees(page, errand) for which, page in zip((phone, self.spare), pages, strict=True)]
        self.notes.same(f"{errand.what}: scanned twice", sorted(told), ["info", "success"])
        errand.note_handed_over()
        errand.note_paid(means, amount)

    def _without_payment(self, phone: Phone, counter: Counter, errand: Errand) -> None:
        self._done(phone, phone.hands_over(counter, errand, "", None), errand)
        if not errand.takes_nothing:
            self.unpaid.append(errand)

    def _paid_before(self, phone: Phone, counter: Counter, errand: Errand) -> None:
        """The money first, then the goods; nothing can be missing of what was paid."""
        if errand.takes_nothing:
            self._plainly(phone, counter, errand)
            return
        errand.give_all()
        phone.pays(counter.page, errand, errand.dice.choice(counter.means), self._weighed(counter, errand))
        again = phone.reads(phone.find(errand, "number"), errand)
        self._done(phone, phone.hands_over(again, errand, "", None), errand)

    def _done_again(self, phone: Phone, counter: Counter, errand: Errand) -> None:
        self._plainly(phone, counter, errand)
        page = phone.takes_back(errand)
        self._plainly(phone, phone.reads(page, errand), errand)

    def _after_mistakes(self, phone: Phone, counter: Counter, errand: Errand) -> None:
        phone.mistypes(counter, errand)
        if self.stranger:
            phone.searches_in_vain(counter, self.stranger)
        self._plainly(phone, phone.reads(phone.find(errand, "number"), errand), errand)

    def _done(self, phone: Phone, page: Page, errand: Errand) -> None:
        self.notes.same(f"{errand.what}: {TICK}", phone.sees(page, errand), "success")
        errand.note_handed_over()

    def _look_for_goods(self, errand: Errand) -> None:
        """Now and then something is missing, never all of it; or there are fewer than were ordered."""
        for line in errand.lines[1:]:
            line.missing = errand.dice.random() < MISSING
        for line in errand.lines:
            if line.units > 1 and not line.missing and errand.dice.random() < FEWER:
                row = self.ordered[errand.visit.ticket_number, line.title]
                line.fewer = errand.dice.randint(1, line.units - 1)
                line.grams = row["expected_grams"] * line.fewer if row["unit"] == "weighed" else None
                line.fewer_cents = cents_of(row, line.fewer, line.grams)

    def _payment(self, counter: Counter, errand: Errand) -> tuple[str, int | None]:
        """With what, and how much; nothing for what is paid by card on the site, or was taken off before."""
        if errand.takes_nothing:
            return "", None
        return errand.dice.choice(counter.means), self._weighed(counter, errand)

    def _weighed(self, counter: Counter, errand: Errand) -> int:
        """Cents to pay: what is due, and for weighed pieces anything from a little less to the maximum."""
        due, most = errand.due, counter.most
        if not most:
            return due
        return errand.dice.randint(due * LIGHTEST // 100, most if errand.is_whole else due)
