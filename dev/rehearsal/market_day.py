"""The market day: stalls hand over in parallel, residents walk from one to the next, the manager looks on."""

from __future__ import annotations

import threading
from collections import defaultdict
from concurrent.futures import Future, wait
from dataclasses import dataclass
from itertools import count
from queue import Empty

from dev.demo.logins import MANAGER_EMAIL, PASSWORD
from dev.rehearsal.books import Books, Row, read_books
from dev.rehearsal.cards.evening import CardEvening
from dev.rehearsal.client import SiteError
from dev.rehearsal.errands import NEVER_COLLECTED, Customer, Errand, customers_of
from dev.rehearsal.journey import Journey
from dev.rehearsal.manager import Manager
from dev.rehearsal.patrol import Patrol
from dev.rehearsal.phones import Phone
from dev.rehearsal.producers import ProducerAtWork, sign_in
from dev.rehearsal.sheets import Table
from dev.rehearsal.stalls import LAST, StallAtWork
from dev.rehearsal.week import WeekPlay

ORDERS_PER_PHONE = 12  # above which a stall brings another telephone
MOST_PHONES = 3
LONG_LIST = 60  # orders: where a stall has more, its list is not looked at after each of them
MOMENT = 0.2  # seconds
MORNING = """
WITH ahead AS (SELECT id, starts_at - now() AS much FROM markets_marketday WHERE id = %s), moved AS (
    UPDATE markets_slot slot SET starts_at = slot.starts_at - much, ends_at = slot.ends_at - much
    FROM ahead WHERE slot.day_id = ahead.id
)
UPDATE markets_marketday day SET starts_at = starts_at - much, ends_at = ends_at - much
FROM ahead WHERE day.id = ahead.id
"""
NOON = "UPDATE markets_marketday SET ends_at = now() WHERE id = %s"


@dataclass(frozen=True)
class Evening:
    """What is read when the market is over: the report's page, CSVs and workbook, and tickets by resident."""

    page: dict[str, list[list[str]]]
    tables: dict[str, Table]
    workbook: dict[str, Table]
    tickets: dict[int, str]


def ordered_at(books: Books) -> dict[int, dict[tuple[int, str], Row]]:
    """What was ordered, by stall: lines by the order's number and their title."""
    numbers = {order["order_id"]: order["number"] for order in books.orders}
    found: defaultdict[int, dict[tuple[int, str], Row]] = defaultdict(dict)
    for line in books.live_lines:
        found[line["stall"]][numbers[line["order_id"]], line["title"]] = line
    return dict(found)


class MarketDayPlay:
    """Its acts, in their order. What was done stands in `customers` afterwards."""

    def __init__(self, week: WeekPlay, slots: list[int]) -> None:
        self.week, self.place, self.notes = week, week.place, week.notes
        self.slots = {slot: rank for rank, slot in enumerate(slots)}  # of the day, by time
        self.customers: list[Customer] = customers_of(week.journeys, week.seed)
        if week.cards:
            week.cards.leave_out_what_is_gone(self.customers)
        self.stalls: dict[int, StallAtWork] = {}
        self.ordered = ordered_at(read_books(week.stage.database_url, week.place.day_id))
        self.over = threading.Event()
        self._hands = threading.BoundedSemaphore(week.clients)  # that are busy at once
        self._lock, self._arrivals = threading.Lock(), count()
        self._walking = 0
        self.cards_evening: CardEvening | None = None

    @property
    def errands(self) -> list[Errand]:
        return [errand for customer in self.customers for errand in customer.errands]

    def play(self) -> Evening:
        """From the morning to the evening, when the manager reads the report and residents their tickets."""
        self.open()
        cards = self.week.cards
        if cards:
            cards.morning()
        desk = Manager(self.week.browser(), self.week.place.zone, self.notes)  # cancels while the other one looks on
        desk.sign_in(MANAGER_EMAIL, PASSWORD, self.place.path)
        patrol = Patrol(self.week.manager, desk, self.notes)
        self.hand_over(patrol)
        self.close()
        if cards:
            self.cards_evening = CardEvening(cards, self)
            self.cards_evening.play()
        self.week.summaries_arrive("the market", is_exact=False)
        tickets: dict[int, str] = {}
        with self.week.timed("tickets read again"):
            self.week.crowd.each(lambda journey: self._read_ticket(journey, tickets), self.week.journeys)
        return Evening(patrol.page(), patrol.tables(), patrol.workbook(), tickets)

    @staticmethod
    def _read_ticket(journey: Journey, tickets: dict[int, str]) -> None:
        if journey.visit.has_ticket:
            page = journey.browser.get(journey.visit.tickets[0], "ticket after the market")
            tickets[journey.visit.number] = page.html

    def open(self) -> None:
        """From Thursday to Saturday in a moment: it is the morning of the market, and telephones are signed in."""
        self.week.execute(MORNING, self.place.day_id)
        working = zip(self.place.holders, self.week.producers, strict=True)
        busy = {errand.ticket.stall for errand in self.errands}
        with self.week.timed("stalls sign in"):
            self.week.crowd.each(self._build, [(stall, one) for (stall, _email), one in working if stall in busy])

    def _build(self, work: tuple[int, ProducerAtWork]) -> None:
        number, producer = work
        orders = sum(errand.ticket.stall == number for errand in self.errands)
        at_home = [producer.browser.get("/producteur/", "stall signs in")]
        browsers = [producer.browser]
        # As many that work, the producer's own being the first of them, and one to spare.
        for _phone in range(min(MOST_PHONES, 1 + orders // ORDERS_PER_PHONE)):
            browsers.append(self.week.browser())
            at_home.append(sign_in(browsers[-1], producer.email, PASSWORD, "stall signs in"))
        paths = [
            next((link for link in page.links if link.endswith(f"/{self.place.path}/etal/")), "") for page in at_home
        ]
        if not all(paths):
            raise SiteError(f"stall {number}: no link to it on the producer’s home")
        often = max(1, orders // LONG_LIST)
        *phones, spare = (Phone(one, path, often, self.notes) for one, path in zip(browsers, paths, strict=True))
        strangers = (c.visit for c in self.customers if all(errand.ticket.stall != number for errand in c.errands))
        self.stalls[number] = StallAtWork(
            number, phones, spare, next(strangers, None), self.notes, self.ordered.get(number, {})
        )

    def hand_over(self, patrol: Patrol) -> None:
        """All stalls with all telephones at once, until everybody who comes has been everywhere."""
        coming = [customer for customer in self.customers if customer.comes]
        self._walking = len(coming)
        for customer in coming:
            self._step(customer, list(customer.walk))
        phones = [(stall, phone) for stall in self.stalls.values() for phone in stall.phones]
        self.notes.count("telephones at the stalls", len(phones) + len(self.stalls))
        with self.week.timed("stalls hand over"), self.week.crowd.pool(len(phones) + 2) as pool:
            jobs: set[Future[None]] = {pool.submit(self.week.crowd.careful, self._work, one) for one in phones}
            looking = [pool.submit(self.week.crowd.careful, act, self) for act in (patrol.look_on, patrol.cancel)]
            while jobs:
                self.week.watch()
                _done, jobs = wait(jobs, timeout=1)
            self.over.set()
            wait(looking)

    def _step(self, customer: Customer, left: list[Errand]) -> None:
        """To the next stall, or home. A stall that could not sign in is a difference already."""
        left = [errand for errand in left if errand.ticket.stall in self.stalls]
        if left:
            stall = self.stalls[left[0].ticket.stall]
            stall.waiting.put((self.slots.get(customer.visit.slot, LAST), next(self._arrivals), (customer, left)))
            return
        with self._lock:
            self._walking -= 1

    def _work(self, at: tuple[StallAtWork, Phone]) -> None:
        """One telephone, until nobody walks about any more."""
        stall, phone = at
        while self._walking and not self.week.doors.stop.is_set():
            try:
                _slot, _arrival, (customer, left) = stall.waiting.get(timeout=MOMENT)
            except Empty:
                continue
            with self._hands:
                self.week.crowd.careful(lambda errand: stall.serve(phone, errand), left[0])
            self._step(customer, left[1:])

    def close(self) -> None:
        """Late payments, what is left, and the market is over."""
        with self.week.timed("stalls settle up"):
            self.week.crowd.each(StallAtWork.take_late_payments, self.stalls.values())
            self.week.crowd.each(self._look_at_what_is_left, self.stalls.values())
        self.week.execute(NOON, self.place.day_id)
        for errand in self.errands:
            if errand.fate in NEVER_COLLECTED:
                self.notes.count(f"parts {errand.fate}")
            self.notes.count("  lines missing", sum(line.missing for line in errand.lines))
            fewer = sum(line.fewer is not None for line in errand.lines) if errand.handed_over else 0
            self.notes.count("  lines of which fewer were given", fewer)
            self.notes.count("  paid by the weight", errand.paid not in (None, errand.due))

    def _look_at_what_is_left(self, stall: StallAtWork) -> None:
        stall.look_at_what_is_left(
            [
                errand
                for errand in self.errands
                if errand.ticket.stall == stall.number and errand.fate in NEVER_COLLECTED and not errand.visit.cancelled
            ]
        )
