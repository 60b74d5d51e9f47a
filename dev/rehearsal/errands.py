"""What happens to each part of an order on the market day: dealt out beforehand, noted when it is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from dev.rehearsal.journey import Journey
from dev.rehearsal.market import Visit
from dev.rehearsal.tickets import StallOnTicket, read_ticket

NO_SHOWS = 12  # one resident in so many never comes
MISSING = 0.05  # of the lines
FEWER = 0.2  # of the lines of several units, of which not all are there
LEAST_NO_SHOWS = 3  # one of them is cancelled by the manager


class Fate(StrEnum):
    """How a stall deals with one order."""

    PLAIN = "handed over and paid"
    TWICE = "scanned twice at the same moment"
    LATER = "paid later in the day"
    EARLIER = "paid before taking the goods"
    MISTAKEN = "taken back and done again"
    MISTYPED = "noted after mistakes in the form"
    FORGOTTEN = "forgotten by who came"
    NO_SHOW = "left by who never came"


ONE_IN = {Fate.TWICE: 10, Fate.LATER: 30, Fate.EARLIER: 40, Fate.MISTAKEN: 50, Fate.MISTYPED: 25, Fate.FORGOTTEN: 40}
NEVER_COLLECTED = (Fate.FORGOTTEN, Fate.NO_SHOW)


@dataclass
class Line:
    """A line as the stall's page shows it. `key`: of its checkbox; `units`: how many there are.

    `fewer`: so many only are given, which weigh `grams` where pieces are weighed, and cost `fewer_cents`.
    """

    key: str
    title: str
    cents: int
    missing: bool = False
    units: int = 1
    fewer: int | None = None
    grams: int | None = None
    fewer_cents: int = 0

    @property
    def is_whole(self) -> bool:
        return not self.missing and self.fewer is None

    @property
    def due(self) -> int:
        if self.missing:
            return 0
        return self.cents if self.fewer is None else self.fewer_cents


@dataclass
class Errand:
    """One order at one stall. What was done is noted only once the site has answered that it is done.

    `changes`: the kinds of rows that the order's history must hold for it, in their order. `online`: paid by card on
    the site, the stall takes nothing.
    """

    visit: Visit
    ticket: StallOnTicket
    dice: Random
    fate: Fate = Fate.PLAIN
    lines: list[Line] = field(default_factory=list)
    handed_over: bool = False
    means: str = ""
    paid: int | None = None
    changes: list[str] = field(default_factory=list)
    online: bool = False

    @property
    def due(self) -> int:
        return sum(line.due for line in self.lines)

    @property
    def takes_nothing(self) -> bool:
        """Whether the stall is not paid for it."""
        return self.online or not self.lines

    @property
    def what(self) -> str:
        return f"order {self.visit.ticket_number} at stall {self.ticket.stall}"

    @property
    def is_whole(self) -> bool:
        """Whether all is given that there was."""
        return all(line.is_whole for line in self.lines)

    def give_all(self) -> None:
        for line in self.lines:
            line.missing, line.fewer, line.grams = False, None, None

    def note_handed_over(self) -> None:
        self.handed_over = True
        self.visit.told += not self.is_whole
        self.changes.append("handed-over")

    def note_paid(self, means: str, cents: int | None) -> None:
        if not means:
            return
        self.means, self.paid = means, cents
        self.changes.append("paid")

    def note_taken_back(self) -> None:
        self.handed_over, self.means, self.paid = False, "", None
        self.visit.told += not self.is_whole
        self.changes.append("taken-back")


@dataclass
class Customer:
    """A resident with a ticket. `errands` in the order of the walk."""

    visit: Visit
    phone: str
    errands: list[Errand]

    @property
    def comes(self) -> bool:
        return not any(errand.fate is Fate.NO_SHOW for errand in self.errands)

    @property
    def walk(self) -> Iterator[Errand]:
        """The stalls that are visited."""
        return (errand for errand in self.errands if errand.fate not in NEVER_COLLECTED)


def customers_of(journeys: Iterable[Journey], seed: str) -> list[Customer]:
    """Everybody whose order stands, with what will happen; the same for the same seed and the same tickets."""
    customers = []
    for journey in sorted(journeys, key=lambda journey: journey.visit.number):
        if journey.ticket and not journey.visit.cancelled:
            dice = Random(f"{seed}:market:{journey.visit.number}")
            stalls = read_ticket(journey.ticket.html)
            dice.shuffle(stalls)
            errands = [Errand(journey.visit, stall, Random(f"{dice.random()}")) for stall in stalls]
            customers.append(Customer(journey.visit, journey.resident.phone, errands))
    deal(customers, Random(f"{seed}:fates"))
    return customers


def deal(customers: list[Customer], dice: Random) -> None:
    """Deal out the fates, each at least once where there are enough orders."""
    absent = dice.sample(customers, min(len(customers), max(LEAST_NO_SHOWS, len(customers) // NO_SHOWS)))
    for errand in (errand for customer in absent for errand in customer.errands):
        errand.fate = Fate.NO_SHOW
    errands = [errand for customer in customers for errand in customer.errands if errand.fate is Fate.PLAIN]
    dice.shuffle(errands)
    count = len(errands)
    for fate, one_in in ONE_IN.items():
        for _time in range(max(1, count // one_in)):
            if errands:
                errands.pop().fate = fate
