"""What all residents share: which goods belong to which stall, and the doors of the market."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dev.rehearsal.cards.deeds import CardPayment


@dataclass
class Doors:
    """`closing`: the cutoff is announced; `closed`: it is past."""

    closing: threading.Event = field(default_factory=threading.Event)
    closed: threading.Event = field(default_factory=threading.Event)
    stop: threading.Event = field(default_factory=threading.Event)

    def wait_until_closed(self) -> None:
        while not (self.closed.wait(0.1) or self.stop.is_set()):
            pass


@dataclass(frozen=True)
class Goods:
    """`stalls`: the primary keys of each producer's listings; `popular`: the slots, best first.

    `path` ends the addresses of the day: "beauvais/2026-11-28".
    """

    stalls: list[set[int]]
    popular: list[int]
    path: str


@dataclass
class Visit:
    """What became of a resident. `lines`: units by listing, `total`: cents, both as last seen before the button.

    `card`: where cards are taken. `struck`: the listings that the manager took off. `told`: how often it must have been
    told that something of the order is not given, or is given after all.
    """

    number: int
    name: str
    lines: dict[int, int] = field(default_factory=dict)
    slot: int = 0
    total: int = 0
    tickets: list[str] = field(default_factory=list)
    ticket_number: int = 0
    cancelled: bool = False
    ended: str = ""
    struck: set[int] = field(default_factory=set)
    told: int = 0
    card: CardPayment | None = None

    @property
    def waits(self) -> bool:
        """Whether the order is not known to be paid yet."""
        return self.card is not None and self.card.waits

    @property
    def pays_by_card(self) -> bool:
        return self.card is not None and bool(self.card.session) and not self.card.at_stalls

    @property
    def has_ticket(self) -> bool:
        return bool(self.tickets)
