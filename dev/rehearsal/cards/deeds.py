"""What was told to residents and done to their orders, as those noted it who did it."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass, field

from dev.rehearsal.cards.ways import Way


@dataclass
class CardPayment:
    """One resident's payment. `shown`: the cents that the page said would be held at most, 0 without a choice.

    `waits`: paid or not, the site has not been seen to know it yet. `held`: the bank agreed to it. `at_stalls`: the
    resident chose them after all.
    """

    way: Way
    shown: int = 0
    session: str = ""
    waits: bool = False
    held: bool = False
    at_stalls: bool = False


@dataclass
class PartDeeds:
    """One order at one stall; lines by their title. `released`: handed over and not taken back.

    `cancelled`: by itself, while the order stands. `units`: of what there are fewer than were ordered. `told`: how
    often the resident must have been told that something of it is not given.
    """

    prepared: bool = False
    grams: dict[str, int] = field(default_factory=dict)
    off: set[str] = field(default_factory=set)
    units: dict[str, int] = field(default_factory=dict)
    told: int = 0
    released: bool = False
    cancelled: bool = False


class Deeds:
    """By (order's number, stall's number)."""

    def __init__(self) -> None:
        self._parts: defaultdict[tuple[int, int], PartDeeds] = defaultdict(PartDeeds)
        self._lock = threading.Lock()

    def of(self, order: int, stall: int) -> PartDeeds:
        with self._lock:
            return self._parts[order, stall]

    def told(self, order: int) -> int:
        return sum(done.told for (number, _stall), done in self._parts.items() if number == order)
