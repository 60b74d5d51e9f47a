"""Row locks are taken in the lock modules, by primary key, and let other rows refer to the locked one."""

import re

import pytest

from tests.house.tree import SHIPPED, lines_with, name_of, python_files

LOCKS = re.compile(r"select_for_update\(")
ALLOWED = {
    "marche/markets/locks.py",
    "marche/payments/locks.py",
    "producers/locks.py",
    "orders/locks.py",
    "marche/outbox/actions/relay.py",  # a queue of its own: one row at a time, and never together with another lock
}
FOUND = lines_with(LOCKS, python_files(*SHIPPED))


def test_rows_are_locked_in_the_lock_modules_only():
    assert set(FOUND) == ALLOWED


@pytest.mark.parametrize("line", [pytest.param(line, id=name) for name, lines in FOUND.items() for line in lines])
def test_a_lock_lets_others_refer_to_the_row(line):
    assert "no_key=True" in line


def test_locks_of_many_rows_are_taken_by_primary_key():
    """A lock that is not of one row by its key orders its rows."""
    locks = [path for path in python_files(*SHIPPED) if path.name == "locks.py"]
    many = lines_with(re.compile(r"= .*select_for_update|list\(.*select_for_update"), locks)
    unordered = [(name, line) for name, lines in many.items() for line in lines if 'order_by("pk")' not in line]
    assert unordered == []
    assert {name_of(path) for path in locks} <= ALLOWED
