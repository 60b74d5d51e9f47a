"""What the week, the market day and its evening have besides where residents pay by card."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING

from dev.broker import is_busy
from dev.rehearsal.books import Books, read_books
from dev.rehearsal.cards.bench import ANEW, Bench
from dev.rehearsal.cards.deeds import Deeds
from dev.rehearsal.cards.payer import Payer
from dev.rehearsal.cards.reckoning import Outcome, Reckoning
from dev.rehearsal.cards.stripe import Stripe
from dev.rehearsal.cards.ways import Way, deal_ways
from dev.rehearsal.client import Browser, SiteError
from dev.rehearsal.errands import Customer
from dev.rehearsal.journey import Journey
from marche.celery import app
from marche.schedule import CELERY_BEAT_SCHEDULE

if TYPE_CHECKING:
    from dev.rehearsal.week import WeekPlay

TIME_TO_PAY = 46 * 60  # seconds after which a page of Stripe's is over, and a little more
QUIET = 11 * 60  # seconds without news, after which Stripe is asked
DROPPED, TWICE = 4, 6  # of Stripe's events while residents order
FAULTS = 5  # requests whose answer is lost, or that Stripe fails at, each time something moves
# Two statements, each a transaction of its own: together they would lock in another order than the site does.
LATER = (
    """
WITH much AS (SELECT %s * interval '1 second' AS later)
UPDATE orders_pickup SET to_be_paid_by = to_be_paid_by - later FROM much WHERE to_be_paid_by IS NOT NULL
""",
    """
WITH much AS (SELECT %s * interval '1 second' AS later)
UPDATE payments_paymentattempt
SET expires_at = expires_at - later, made_at = made_at - later, asked_at = asked_at - later
FROM much WHERE state IN ('new', 'open')
""",
)
UNDER_WAY = """
SELECT 1 FROM payments_instruction WHERE state = 'waiting'
UNION ALL SELECT 1 FROM payments_stripeevent WHERE handled_at IS NULL LIMIT 1
"""
HELD = "SELECT 1 FROM payments_paymentattempt WHERE state = 'authorised' LIMIT 1"
PENDING = "SELECT 1 FROM orders_pickup WHERE to_be_paid_by IS NOT NULL AND cancelled_at IS NULL LIMIT 1"


class CardWeek:
    """Its acts, in their order; `stalls` are those whose producers can be paid by card."""

    def __init__(self, week: WeekPlay, stalls: set[int]) -> None:
        self.week, self.place, self.notes = week, week.place, week.notes
        self.stripe, self.deeds = Stripe(week.stage.stripe), Deeds()
        self.reckoning = Reckoning(stalls, self.deeds)
        self.benches: dict[int, Bench] = {}
        self.gone: dict[tuple[int, int], int] = {}  # parts cancelled by themselves, by (order, stall)
        self.refusals = 0  # instructions that Stripe had to refuse

    def payers(self, residents: int) -> list[Payer]:
        """One for each resident; from now on some of Stripe's events come twice, or never."""
        self.stripe.tell("drop", type="checkout.session.completed", times=DROPPED)
        self.stripe.tell("drop", type="payment_intent.amount_capturable_updated", times=DROPPED)
        self.stripe.tell("duplicate", times=TWICE)
        week = self.week
        return [
            Payer(
                way,
                week.browser(),
                Browser(week.stage.stripe, week.stopwatch, week.doors.stop),
                self.stripe,
                self.notes,
            )
            for way in deal_ways(residents, week.seed)
        ]

    def payers_at_stalls(self, residents: int) -> list[Payer]:
        """Of those who come after the day is prolonged: Stripe is ahead of us by then, and opens no page any more."""
        week = self.week
        there = Browser(week.stage.stripe, week.stopwatch, week.doors.stop)
        return [Payer(Way.STALLS, week.browser(), there, self.stripe, self.notes) for _ in range(residents)]

    def pages_expire(self) -> None:
        """Three quarters of an hour later: whoever has not paid has no order, whoever has paid has a ticket."""
        with self.week.timed("payments that nobody told of"):
            self._later(QUIET)
            self.until_settled()
        with self.week.timed("pages that expire"):
            self.stripe.tell("advance", seconds=TIME_TO_PAY)
            self._later(TIME_TO_PAY)
            self.until_settled(PENDING)
        self.week.crowd.each(self._see_what_became, [j for j in self.week.journeys if j.visit.waits])
        self.reckon()

    def producers_prepare(self) -> None:
        """All at once, but for a part that the manager cancels before; then a few weigh again: nothing is taken yet."""
        self._cancel_a_part()
        books = self.books()
        with self.week.timed("producers prepare"):
            self.week.crowd.each(lambda one: self._prepare(*one, books), self._at_work(books))
            self.until_settled()
        self.reckon()
        self.week.summaries_arrive("the first weighing", is_exact=False)
        again = [(bench, number) for bench in self.benches.values() for number in bench.weighed[::ANEW]]
        self.week.crowd.each(lambda one: one[0].prepare(one[1], anew=True), again)
        self.notes.count("orders weighed a second time", len(again))
        self.until_settled()
        self.reckon()
        self.week.summaries_arrive("the second weighing", is_exact=False)

    def manager_takes_off(self) -> None:
        """Before the market, while cards hold the money: a line of a few orders, and one part."""
        self._cancel_a_part()
        for number in self._some(3, lambda one: one.outcome is Outcome.HELD):
            self.week.crowd.careful(self.take_off, number)
        self.until_settled()
        self.reckon()
        self.week.summaries_arrive("lines taken off", is_exact=False)
        self.read_tickets()

    def leave_out_what_is_gone(self, customers: list[Customer]) -> None:
        """Nobody walks to a stall whose part is cancelled."""
        for customer in customers:
            number = customer.visit.ticket_number
            customer.errands = [one for one in customer.errands if (number, one.ticket.stall) not in self.gone]

    def read_tickets(self) -> None:
        """What is left of each order is on its ticket: who goes to the market has looked at it."""
        self.week.crowd.each(Journey.take_ticket, [j for j in self.week.journeys if j.ticket and not j.visit.cancelled])

    def morning(self) -> None:
        """The market begins: whatever was noted can still be put right, and nothing is taken."""
        self.until_settled()
        self.reckon()

    def charge(self) -> None:
        """The market is over: what is due is taken, though Stripe fails at first."""
        self.stripe.tell("fault", kind="reset", method="POST", path="/capture$", times=FAULTS)
        self.stripe.tell("fault", kind="error", method="POST", path="/capture$", times=FAULTS)
        with self.week.timed("cards are charged"):
            self.until_settled(HELD)
        self.reckon(is_late=True)

    # --- How it is done ---------------------------------------------------------------------------

    def take_off(self, number: int, stall: int = 0, *, reason: str = "quality") -> str:
        """The manager takes the dearest line off an order, at this stall or any paid by card; returns its title."""
        books = self.books()
        order = next(order for order in books.orders if order["number"] == number)
        lines = [
            line
            for line in books.live_lines
            if line["order_id"] == order["order_id"] and line["stall"] in self.reckoning.stalls
            and stall in (0, line["stall"]) and line["title"] not in self.deeds.of(number, line["stall"]).off
        ]  # fmt: skip
        line = max(lines, key=lambda line: line["max_cents"])
        self.week.manager.take_off(number, line, reason)
        done = self.deeds.of(number, line["stall"])
        done.off.add(line["title"])
        done.told += 1
        return str(line["title"])

    def _cancel_a_part(self) -> None:
        touched = {number for number, _stall in self.gone}
        for number in self._some(
            1, lambda one: one.outcome is Outcome.HELD and len(one.parts) > 1 and one.order not in touched
        ):
            self.week.crowd.careful(self._cancel_part, number)
        self.until_settled()
        self.reckon()

    def _cancel_part(self, number: int) -> None:
        """The manager cancels what one producer was to bring, of several."""
        books, stall = self.books(), min(self.reckoning.orders[number].parts)
        visit = next(visit for visit in self.week.visits if visit.ticket_number == number)
        order = next(order for order in books.orders if order["number"] == number)
        mine = (part for part in books.parts.values() if part["pickup_id"] == order["order_id"])
        part = next(part for part in mine if books.producers[part["producer_id"]]["stall"] == stall)
        manager = self.week.manager
        page = manager.browser.get(f"{manager.day_path}commandes/{number}/", "manager opens an order")
        form = page.form(f"/parts/{part['id']}/annuler/")
        if form is None:
            raise SiteError(f"{page.path}: no way to cancel a part")
        manager.browser.follow(
            manager.browser.send(form, "manager cancels a part", reason="supply"), "manager opens an order"
        )
        self.gone[number, stall] = part["id"]
        self.deeds.of(number, stall).cancelled = True
        visit.total -= part["total_cents"]
        self.notes.count("parts cancelled by the manager")

    def books(self) -> Books:
        return read_books(self.week.stage.database_url, self.place.day_id)

    def reckon(self, *, is_late: bool = False) -> None:
        self.reckoning.update(self.books(), self.week.visits, is_late=is_late)

    def run(self, *names: str) -> None:
        """What beat would do at its time, by its name in the schedule: now, by the same worker; until it is done."""
        for name in names:
            app.send_task(CELERY_BEAT_SCHEDULE[name]["task"])
        self.week.until("the worker to have nothing to do", 180, lambda: not is_busy(self.week.stage.broker_url))

    def until_settled(self, *more: str) -> None:
        """All that Stripe told is heard, and all that it was asked is done; `more`: queries that find nothing then."""

        def settled() -> bool:
            self.stripe.tell("settle", timeout=50)
            self.run("sweep-payments", "cancel-unpaid")  # as the next minute would: one thing may lead to the next
            return not any(self.week.execute(query) for query in (UNDER_WAY, *more))

        self.week.until("Stripe and the site to agree", 180 + self.week.orders / 2, settled)

    def _later(self, seconds: int) -> None:
        """So much later by our tables, for whoever has not paid."""
        for statement in LATER:
            self.week.execute(statement, seconds)

    def _see_what_became(self, journey: Journey) -> None:
        """Of those who paid and closed the tab, and of those who went away: they open the ticket's link."""
        visit, card = journey.visit, journey.visit.card
        assert card  # noqa: S101  (it waits)
        card.waits = False
        journey.take_ticket()
        is_void = journey.ticket is not None and "is-void" in journey.ticket.html
        self.notes.same(f"resident {visit.number}: {card.way}, void ticket", is_void, not card.held)
        visit.cancelled = is_void
        if is_void:
            visit.ended = "did not pay in time"

    def _at_work(self, books: Books) -> list[tuple[int, Browser]]:
        """(stall, the producer's browser), of those with an order."""
        busy = {line["stall"] for line in books.live_lines}
        working = zip(self.place.holders, self.week.producers, strict=True)
        return [(stall, one.browser) for (stall, _email), one in working if stall in busy]

    def _prepare(self, stall: int, browser: Browser, books: Books) -> None:
        home = browser.get("/producteur/", "producer opens the bench")
        path = next((link for link in home.links if link.endswith(f"/{self.place.path}/preparation/")), "")
        if not path:
            raise SiteError(f"stall {stall}: no link to the bench on the producer’s home")
        own = [line for line in books.live_lines if line["stall"] == stall]
        numbers = {order["order_id"]: order["number"] for order in books.orders}
        orders: defaultdict[int, bool] = defaultdict(bool)
        for line in own:
            orders[numbers[line["order_id"]]] |= line["unit"] == "weighed"
        dice = Random(f"{self.week.seed}:bench:{stall}")
        titles = {line["title"] for line in own}
        bench = Bench(browser, path, stall, titles, self.deeds, dice, self.notes)
        bench.prepare_all(dict(sorted(orders.items())))
        self.benches[stall] = bench

    def _some(self, count: int, wanted: Callable[..., bool]) -> list[int]:
        """Numbers of orders paid by card, the same for the same seed and orders."""
        found = sorted(number for number, one in self.reckoning.orders.items() if wanted(one))
        return Random(f"{self.week.seed}:some:{len(found)}").sample(found, min(count, len(found)))
