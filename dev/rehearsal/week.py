"""The week itself: producers list, residents order, the window closes, summaries arrive, the manager decides."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from zoneinfo import ZoneInfo

import psycopg

from dev.demo.logins import MANAGER_EMAIL, PASSWORD
from dev.processes import ServiceError
from dev.rehearsal.audit_mails import Checkpoint, checkpoint
from dev.rehearsal.books import read_books
from dev.rehearsal.cards.week import CardWeek
from dev.rehearsal.client import Browser, Stopwatch
from dev.rehearsal.crowd import Crowd
from dev.rehearsal.decisions import Decisions
from dev.rehearsal.journey import Journey
from dev.rehearsal.mails import Mail, read_mails
from dev.rehearsal.manager import Manager
from dev.rehearsal.market import Doors, Goods, Visit
from dev.rehearsal.notes import Notes
from dev.rehearsal.people import resident
from dev.rehearsal.producers import ProducerAtWork, acknowledge
from dev.rehearsal.stage import Stage
from marche.celery import app

CUTOFF_SECONDS = 2  # from the announcement to the cutoff: some residents press the button meanwhile
LINES_OFF = 2  # orders of which the manager takes a line off after the closing
LATE_REGRETS = 3  # residents who want to cancel after the cutoff


@dataclass(frozen=True)
class Place:
    """The day that is played. `path` ends its addresses: "beauvais/2026-11-28"; `holders`: (stall, e-mail address).

    `zone`: of the market's clock.
    """

    day_id: int
    path: str
    holders: Sequence[tuple[int, str]]
    zone: ZoneInfo


class WeekPlay:
    """Its acts, in their order, for one market day."""

    def __init__(self, stage: Stage, place: Place, orders: int, seed: str, clients: int, notes: Notes) -> None:
        self.stage, self.place, self.orders, self.seed = stage, place, orders, seed
        self.clients, self.notes = clients, notes
        self.stopwatch, self.doors = Stopwatch(), Doors()
        self.crowd = Crowd(clients, self.doors, notes)
        self.durations: dict[str, float] = {}
        self.producers: list[ProducerAtWork] = []
        self.journeys: list[Journey] = []
        self.acknowledged: set[str] = set()
        self.manager = Manager(self.browser(), place.zone, notes)
        self.cards: CardWeek | None = None
        self.decisions = Decisions(self)
        self.checkpoints: list[Checkpoint] = []

    @property
    def visits(self) -> list[Visit]:
        return [journey.visit for journey in self.journeys]

    def producers_list(self) -> None:
        """All at once; every second one types its grid, the others repeat last week's."""
        for number, (_stall, email) in enumerate(self.place.holders):
            dice = Random(f"{self.seed}:producer:{number}")
            self.producers.append(ProducerAtWork(self.browser(), email, PASSWORD, dice, self.notes))
        with self.timed("producers list"):
            self.crowd.each(
                lambda one: one[1].list_goods(self.place.path, types=one[0] % 2 == 0), enumerate(self.producers)
            )

    def residents_order(self, goods: Goods) -> None:
        """A few at a time until nearly all have come; then the cutoff, and whoever is still at it is too late."""
        dawdlers = max(1, self.orders // 50)
        people = [resident(n, self.seed, dawdles=n >= self.orders - dawdlers) for n in range(self.orders)]
        payers = self.cards.payers(self.orders) if self.cards else [None] * self.orders
        self.journeys = [
            Journey(person, payer.site if payer else self.browser(), goods, self.doors, self.notes, payer)
            for person, payer in zip(people, payers, strict=True)
        ]
        last_call = self.orders - dawdlers - min(self.clients // 2, self.orders // 10)
        changes = {last_call * part // 4: one for part, one in enumerate(self.producers[1:4], start=1)}
        changing: list[Future[None]] = []
        # Staff have threads of their own: in the residents' they would queue behind everybody who has not come yet.
        with self.crowd.pool(2) as staff, self.crowd.pool() as pool, self.timed("residents order"):
            coming: set[Future[Visit]] = {pool.submit(journey.go) for journey in self.journeys}
            for finished, _visit in enumerate(as_completed(coming), start=1):
                self.watch()
                if producer := changes.pop(finished, None):
                    changing.append(staff.submit(self.crowd.careful, ProducerAtWork.change_offer, producer))
                if finished == last_call:
                    wait(changing)  # producers know their hours: an offer can't change after the cutoff
                    self.decisions.takes_lines_off(1, "before the cutoff")
                    self._announce_cutoff(staff)

    def _announce_cutoff(self, staff: ThreadPoolExecutor) -> None:
        """From Monday to Thursday in a moment: the day closes in two seconds, by the clock."""
        self.doors.closing.set()
        cutoff = "UPDATE markets_marketday SET closes_at = now() + %s * interval '1 second' WHERE id = %s"
        self.execute(cutoff, CUTOFF_SECONDS, self.place.day_id)
        staff.submit(self.crowd.careful, WeekPlay._close, self)

    def _close(self) -> None:
        """Beat would do it at the next full minute; the same task comes through the broker to the same worker now."""
        cutoff = time.monotonic() + CUTOFF_SECONDS
        self.doors.stop.wait(CUTOFF_SECONDS + 0.1)
        self.doors.closed.set()
        self.close()
        self.durations["from the cutoff to the closing"] = time.monotonic() - cutoff

    def close(self) -> None:
        """A day whose cutoff is past."""
        app.send_task("orders.tasks.close_due_days")
        self.until("the day to close", 90 + self.orders / 5, self._is_closed)

    def regret_too_late(self) -> None:
        """After the cutoff a ticket that was opened before it cancels nothing any more."""
        in_time = [j for j in self.journeys if j.ticket and j.ticket.form("/annuler/") and not j.visit.cancelled]
        for journey in in_time[:LATE_REGRETS]:
            self.crowd.careful(Journey.cancel, journey)

    def summaries_arrive(self, after: str, *, is_exact: bool = True) -> None:
        """Every mail leaves; each producer opens the link of the last summary that came.

        `is_exact`: whatever changed meanwhile has given its producer a new one.
        """
        with self.timed(f"mails to leave, after {after}"):
            self.until("the outbox to empty", 120 + self.orders / 2, self._outbox_is_empty)
        latest: dict[str, Mail] = {}
        for mail in read_mails(self.stage.mail):
            if mail.kind == "summary" and (mail.recipient not in latest or mail.number > latest[mail.recipient].number):
                latest[mail.recipient] = mail
        fresh = [mail.link for mail in latest.values() if mail.link not in self.acknowledged]
        self.acknowledged |= set(fresh)
        self.crowd.each(lambda link: acknowledge(self.browser(), link, self.notes), fresh)
        self.checkpoints.append(checkpoint(read_books(self.stage.database_url, self.place.day_id), is_exact=is_exact))

    def manager_cancels(self) -> None:
        """After the closing, for a producer who falls short: the producers concerned get another revision."""
        kept = [visit for visit in self.visits if visit.has_ticket and not visit.cancelled]
        for visit in Random(f"{self.seed}:manager").sample(kept, min(len(kept), 1 + self.orders // 100)):
            self.crowd.careful(self.manager.cancel, visit)
        self.decisions.takes_lines_off(LINES_OFF, "after the closing")

    def manager_signs_in(self) -> None:
        self.manager.sign_in(MANAGER_EMAIL, PASSWORD, self.place.path)

    # --- How it is done ---------------------------------------------------------------------------

    def browser(self) -> Browser:
        return Browser(self.stage.site, self.stopwatch, self.doors.stop)

    @contextmanager
    def timed(self, act: str) -> Iterator[None]:
        started = time.monotonic()
        yield
        self.durations[act] = time.monotonic() - started

    def watch(self) -> None:
        if fallen := self.stage.fallen():
            raise ServiceError(f"{fallen.name} ended by itself. Its last words:\n{fallen.last_lines()}")

    def until(self, what: str, seconds: float, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + seconds
        while not condition() and not self.doors.stop.wait(0.2):
            self.watch()
            if time.monotonic() > deadline:
                raise ServiceError(f"Waited {seconds:.0f} s in vain for {what}.")

    def execute(self, query: str, *values: object) -> list[tuple[object, ...]]:
        with psycopg.connect(self.stage.database_url, autocommit=True) as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def _is_closed(self) -> bool:
        closed = "SELECT 1 FROM markets_marketday WHERE id = %s AND closed_at IS NOT NULL"
        return bool(self.execute(closed, self.place.day_id))

    def _outbox_is_empty(self) -> bool:
        return not self.execute("SELECT 1 FROM outbox_message WHERE state = 'waiting' LIMIT 1")
