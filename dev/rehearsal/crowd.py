"""Many people at once, none of whom may bring the others down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from dev.processes import ServiceError
from dev.rehearsal.client import SiteError, Stopped
from dev.rehearsal.market import Doors
from dev.rehearsal.notes import Notes

T = TypeVar("T")


class Crowd:
    """`size` people are busy at the same time."""

    def __init__(self, size: int, doors: Doors, notes: Notes) -> None:
        self.size, self.doors, self.notes = size, doors, notes

    @contextmanager
    def pool(self, size: int = 0) -> Iterator[ThreadPoolExecutor]:
        """So many threads (default: as many as people), that end soon when the rehearsal is stopped."""
        pool = ThreadPoolExecutor(size or self.size)
        try:
            yield pool
        except BaseException:
            self.doors.stop.set()
            raise
        finally:
            pool.shutdown(cancel_futures=self.doors.stop.is_set())

    def each(self, act: Callable[[T], object], people: Iterable[T]) -> None:
        """All of them do it, and the last one has done it."""
        with self.pool() as pool:
            list(pool.map(lambda person: self.careful(act, person), people))

    def careful(self, act: Callable[[T], object], person: T) -> None:
        """One that stumbles is a difference, not the end of the rehearsal."""
        try:
            act(person)
        except Stopped:
            return
        except (SiteError, ServiceError) as error:
            self.notes.differ(str(error))
        except Exception as error:  # noqa: BLE001  (it is told, and counts as a difference)
            self.notes.differ(f"{type(error).__name__}: {error}")
