"""Watches in which order transactions lock rows, whatever the test is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from marche.common.lock_order import LOCK_ORDER

RANK = {table: rank for rank, table in enumerate(LOCK_ORDER)}
_UPDATE = re.compile(r'^\s*UPDATE "?(\w+)"?', re.IGNORECASE)
_INSERT = re.compile(r'^\s*INSERT INTO "?(\w+)"?', re.IGNORECASE)
_LOCKED = re.compile(r"\bFOR (?:NO KEY )?UPDATE\b(?: OF ((?:\"?\w+\"?(?:, )?)+))?( SKIP LOCKED)?", re.IGNORECASE)
_FROM = re.compile(r'\bFROM "?(\w+)"?', re.IGNORECASE)


def locked_by(sql: str) -> tuple[list[str], bool]:
    """The tables of LOCK_ORDER whose rows this statement locks, and whether it waits for them."""
    waits = True
    if update := _UPDATE.match(sql):
        named = [update[1]]
    elif locked := _LOCKED.search(sql):
        waits = "skip locked" not in sql.lower()
        first = _FROM.search(sql)
        named = re.findall(r"\w+", locked[1]) if locked[1] else [first[1]] if first else []
    else:
        named = []
    return [table for table in named if table in RANK], waits


class LockWatch:
    """What one connection has locked in its transaction; `faults` are sentences about what came too late."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        self.transaction: object = None
        self.locked: list[str] = []
        self.made: set[str] = set()  # tables with rows of its own making, which nobody else sees yet

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        result = execute(sql, params, many, context)
        own = [block for block in context["connection"].atomic_blocks if not block._from_testcase]
        if not own or own[0] is not self.transaction:
            self.transaction, self.locked, self.made = (own[0] if own else None), [], set()
        if insert := _INSERT.match(str(sql)):
            self.made.add(insert[1])
        if own and context["cursor"].rowcount:
            tables, waits = locked_by(str(sql))
            for table in tables:
                self._lock(table, waits=waits)
        return result

    def _lock(self, table: str, *, waits: bool) -> None:
        """A row that is locked already may be locked again: of each table the first lock counts."""
        if table in self.locked or table in self.made:
            return
        later = [other for other in self.locked if RANK[other] > RANK[table]]
        if later and waits:
            self.faults.append(f"{table} is locked after {', '.join(later)}")
        self.locked.append(table)


def watch_locks() -> Iterator[list[str]]:
    """For the time of a generator-fixture: the faults of all connections, also of those that threads open."""
    faults: list[str] = []
    watched: list[tuple[BaseDatabaseWrapper, LockWatch]] = []

    def watch(connection: BaseDatabaseWrapper, **_others: Any) -> None:
        if all(connection is not other for other, _watch in watched):  # it may be closed and opened again
            watched.append((connection, LockWatch(faults)))
            connection.execute_wrappers.append(watched[-1][1])

    watch(connections["default"])
    connection_created.connect(watch)
    yield faults
    connection_created.disconnect(watch)
    for connection, watcher in watched:
        connection.execute_wrappers.remove(watcher)
