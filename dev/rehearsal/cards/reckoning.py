"""What must have been held, taken, given back and passed on of each order: from what was ordered and done alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from dev.rehearsal.audit import cents_of, line_cents
from dev.rehearsal.books import Books, Row
from dev.rehearsal.cards.deeds import Deeds, PartDeeds
from dev.rehearsal.market import Visit

SMALLEST = 50  # cents that Stripe takes at least


class Outcome(StrEnum):
    """As Stripe's PaymentIntent calls it; "" while nothing was ever held."""

    NEVER = ""
    HELD = "requires_capture"
    TAKEN = "succeeded"
    LET_GO = "canceled"


@dataclass
class Due:
    """One producer's part, in cents. `kept`: of the fee, the producer's; `released`: it was handed over."""

    stall: int
    most: int
    taken: int = 0
    due: int = 0
    fee: int = 0
    released: bool = False

    @property
    def left(self) -> int:
        """Of what was taken, what was not given back."""
        return min(self.taken, self.due)

    @property
    def net(self) -> int:
        return self.left - min(self.fee, self.left)


@dataclass
class Reckoned:
    """One order that a card was to pay. `contested`: its bank has the money, or may get it."""

    order: int
    shown: int
    session: str
    outcome: Outcome = Outcome.NEVER
    parts: dict[int, Due] = field(default_factory=dict)
    contested: bool = False

    @property
    def taken(self) -> int:
        return sum(part.taken for part in self.parts.values())

    @property
    def given_back(self) -> int:
        return sum(part.taken - part.left for part in self.parts.values())

    @property
    def passed_on(self) -> dict[int, int]:
        """Cents that are with the producers, by stall."""
        return {s: p.net for s, p in self.parts.items() if p.released and p.net and not self.contested}


class Reckoning:
    """`update` after each act: what is taken once is only given back afterwards."""

    def __init__(self, stalls: set[int], deeds: Deeds) -> None:
        self.stalls, self.deeds = stalls, deeds
        self.orders: dict[int, Reckoned] = {}

    def update(self, books: Books, visits: Iterable[Visit], *, is_late: bool = False) -> None:
        """`is_late`: the market is over, and nothing can be corrected any more."""
        lines: defaultdict[int, list[Row]] = defaultdict(list)
        alphabet = {producer["stall"]: producer["sort_key"] for producer in books.producers.values()}
        numbers = {order["order_id"]: order["number"] for order in books.orders}
        for line in sorted(books.lines, key=lambda line: alphabet[line["stall"]]):
            if line["stall"] in self.stalls:
                lines[numbers[line["order_id"]]].append(line)
        for visit in visits:
            if visit.card and visit.card.session:
                self._order(visit, lines[visit.ticket_number], is_late=is_late)

    def _order(self, visit: Visit, lines: list[Row], *, is_late: bool) -> None:
        card = visit.card
        assert card  # noqa: S101  (whoever calls looked)
        one = self.orders.setdefault(visit.ticket_number, Reckoned(visit.ticket_number, card.shown, card.session))
        if card.held and one.outcome is Outcome.NEVER:
            one.outcome = Outcome.HELD
        done = {line["stall"]: self.deeds.of(visit.ticket_number, line["stall"]) for line in lines}
        one.parts = {stall: one.parts.get(stall, Due(stall, 0)) for stall in done}
        for stall, part in one.parts.items():
            own = [line for line in lines if line["stall"] == stall]
            part.most = sum(line_cents(line, line["max_grams"]) for line in own)
            part.due = (
                0 if visit.cancelled or done[stall].cancelled else sum(due_cents(line, done[stall]) for line in own)
            )
            part.released = done[stall].released and not visit.cancelled
        if one.outcome is Outcome.HELD:
            is_given_up = visit.cancelled or all(part.cancelled for part in done.values())
            if is_given_up or is_late:
                self._take(one, sum(part.due for part in one.parts.values()))

    @staticmethod
    def _take(one: Reckoned, total: int) -> None:
        if total < SMALLEST:
            one.outcome = Outcome.LET_GO
        else:
            one.outcome = Outcome.TAKEN
            for part in one.parts.values():
                part.taken = part.due
            fees = shared((one.taken * 15 + 500) // 1000 + 25, [part.taken for part in one.parts.values()])
            for part, fee in zip(one.parts.values(), fees, strict=True):
                part.fee = fee


def due_cents(line: Row, done: PartDeeds) -> int:
    """Of what there is of a line: as weighed, at most the maximum, which counts until then; nothing when it is off."""
    if line["title"] in done.off:
        return 0
    units = done.units.get(line["title"], int(line["quantity"]))
    if line["unit"] == "weighed" and line["title"] not in done.grams and not done.released:
        return line_cents(line, line["max_grams"])
    return cents_of(line, units, done.grams.get(line["title"]))


def shared(cents: int, weights: list[int]) -> list[int]:
    """In proportion, to the cent: who has the largest remainder gets one more, of equals the first in the alphabet."""
    whole = sum(weights)
    exact = [Fraction(cents * weight, whole) for weight in weights]  # of decimals, equal remainders may differ
    parts = [int(share) for share in exact]
    order = sorted(range(len(weights)), key=lambda place: parts[place] - exact[place])
    for place in order[: cents - sum(parts)]:
        parts[place] += 1
    return parts
