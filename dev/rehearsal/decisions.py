"""What the manager decides on besides: lines taken off orders, and a day prolonged after it has closed."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import TYPE_CHECKING

from dev.rehearsal.books import Row, read_books
from dev.rehearsal.journey import Journey
from dev.rehearsal.market import Doors, Goods, Visit
from dev.rehearsal.people import resident

if TYPE_CHECKING:
    from dev.rehearsal.week import WeekPlay

LATECOMERS = 3  # who order once the day is prolonged, at least
LATECOMERS_IN = 50  # and one for so many residents
PROLONGED = dt.timedelta(hours=2)


class Decisions:
    """`told`: for each change of the day, the numbers of the orders that stood when it was made."""

    def __init__(self, week: WeekPlay) -> None:
        self.week, self.notes = week, week.notes
        self.told: list[set[int]] = []
        self.struck: list[int] = []  # orders of which a line was taken off, by number

    def takes_lines_off(self, count: int, when: str) -> None:
        """A line each of so many orders that are paid at the stalls; never all that a stall was to bring."""
        found = self._lines_to_take_off()
        for number in Random(f"{self.week.seed}:off:{when}").sample(sorted(found), min(count, len(found))):
            visit, line = found[number]
            self.week.crowd.careful(self._take_off, (visit, line))

    def prolongs(self, goods: Goods) -> None:
        """The day is open again for two hours: a few more order, whoever came is told, and it closes once more."""
        week, manager = self.week, self.week.manager
        standing = {v.ticket_number for v in week.visits if v.has_ticket and not v.cancelled}
        emails = {row["number"]: row["email"] for row in self._orders()}
        by_mail = sum(bool(emails[number]) for number in standing)
        with week.timed("the day is prolonged"):
            announced = manager.prolong(PROLONGED)
            self.notes.same("prolonging: residents to write to", announced, by_mail)
            self.told.append(standing)
            manager.raise_cap(self.latecomers)
            self._more_order(goods)
        with week.timed("the second closing"):
            week.execute("UPDATE markets_marketday SET closes_at = now() WHERE id = %s", week.place.day_id)
            week.close()

    @property
    def latecomers(self) -> int:
        return LATECOMERS + self.week.orders // LATECOMERS_IN

    # --- How it is done ---------------------------------------------------------------------------

    def _more_order(self, goods: Goods) -> None:
        week, doors = self.week, Doors(stop=self.week.doors.stop)
        people = [resident(week.orders + n, week.seed) for n in range(self.latecomers)]
        payers = week.cards.payers_at_stalls(len(people)) if week.cards else [None] * len(people)
        journeys = [
            Journey(person, payer.site if payer else week.browser(), goods, doors, self.notes, payer)
            for person, payer in zip(people, payers, strict=True)
        ]
        week.crowd.each(Journey.go, journeys)
        week.journeys += journeys
        self.notes.count("orders after the day was prolonged", sum(journey.visit.has_ticket for journey in journeys))

    def _take_off(self, chosen: tuple[Visit, Row]) -> None:
        visit, line = chosen
        self.week.manager.take_off(visit.ticket_number, line, reason="quality")
        visit.struck.add(line["listing_id"])
        visit.told += 1
        self.struck.append(visit.ticket_number)
        journey = next(journey for journey in self.week.journeys if journey.visit is visit)
        journey.take_ticket()  # who goes to the market has looked at what is left

    def _lines_to_take_off(self) -> dict[int, tuple[Visit, Row]]:
        """The dearest line of an order, by its number, where its stall brings others too."""
        visits = {v.ticket_number: v for v in self.week.visits if _can_lose(v)}
        books = read_books(self.week.stage.database_url, self.week.place.day_id)
        numbers = {order["order_id"]: order["number"] for order in books.orders}
        left = [line for line in books.live_lines if not line["struck"] and numbers[line["order_id"]] in visits]
        of_part = [line["part_id"] for line in left]
        found: dict[int, tuple[Visit, Row]] = {}
        for line in sorted(left, key=lambda line: int(line["amount_cents"])):
            if of_part.count(line["part_id"]) > 1:
                found[numbers[line["order_id"]]] = visits[numbers[line["order_id"]]], line
        return found

    def _orders(self) -> list[Row]:
        return read_books(self.week.stage.database_url, self.week.place.day_id).orders


def _can_lose(visit: Visit) -> bool:
    is_over = bool(visit.ended and visit.has_ticket and visit.ticket_number)
    return is_over and not (visit.cancelled or visit.waits or visit.pays_by_card or visit.struck)
