"""What a run takes of the suite: markers by folder, and the quick part of it (`make test-fast`)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
BROWSER = {"browser", "page", "context"}  # Playwright's fixtures: whoever needs one of them needs a browser
PROCESSES = (
    "deployment",
    "dev/test_bench.py",
    "dev/test_postgres.py",
    "dev/test_processes.py",
    "dev/test_run.py",
    "dev/test_template.py",
    "dev/test_till.py",
    "faults",
    "orders/online/restore",
)
SLOW = {"journey", "process", "race"}


def mark_by_need(item: pytest.Item) -> None:
    """What needs a browser is a `journey`, what starts programs of its own a `process`."""
    place = item.path.relative_to(TESTS)
    if BROWSER & set(getattr(item, "fixturenames", ())):
        item.add_marker("journey")
    if any(place.is_relative_to(part) for part in PROCESSES):
        item.add_marker("process")


def quick(items: Iterable[pytest.Item]) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """What `--fast` takes, and what it leaves: no browser, no processes, no races.

    Of a test with many cases that writes to the database the first is taken: the others differ from it in a value.
    """
    taken: list[pytest.Item] = []
    left: list[pytest.Item] = []
    seen: set[str] = set()
    for item in items:
        name = item.nodeid.partition("[")[0]
        is_slow = any(item.get_closest_marker(marker) for marker in SLOW)
        if is_slow or (_needs_the_database(item) and name in seen):
            left.append(item)
        else:
            taken.append(item)
        seen.add(name)
    return taken, left


def _needs_the_database(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("django_db")) or "db" in getattr(item, "fixturenames", ())
