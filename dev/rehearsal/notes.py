"""What is noted on the way, by many people at once: counts, refusals, and what went otherwise than it must."""

from __future__ import annotations

import threading
from collections import Counter


class Notes:
    """`differences` are sentences; each stands for a promise that was not kept."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()
        self.differences: list[str] = []
        self.compared = 0
        self._lock = threading.Lock()

    def count(self, what: str, number: int = 1) -> None:
        with self._lock:
            self.counts[what] += number

    def refuse(self, *names: str) -> None:
        with self._lock:
            self.refusals.update(names)

    def differ(self, sentence: str) -> None:
        with self._lock:
            self.differences.append(sentence)

    def same(self, what: str, found: object, expected: object) -> None:
        """Compare; a difference names both sides, of dictionaries only what differs."""
        with self._lock:
            self.compared += 1
        if found == expected:
            return
        if isinstance(found, dict) and isinstance(expected, dict):
            found, expected = (
                {key: value for key, value in one.items() if other.get(key) != value}
                for one, other in ((found, expected), (expected, found))
            )
        self.differ(f"{what}: {found!r}, expected {expected!r}")
