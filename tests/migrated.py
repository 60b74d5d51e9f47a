"""A database back as its migrations left it, after a test whose transactions were real.

Django empties all 121 tables and sends `post_migrate`, which writes content types and permissions again: a second for
each test. Here only what a test has written goes, and only rows that migrations wrote come back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg.sql import SQL, Identifier


class MigratedRows:
    """What every table held when the database was migrated, read once, in PostgreSQL’s own text."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
            self.prints = _prints(cursor, tables)
            self.rows = {table: _read(cursor, table) for table, found in self.prints.items() if found}

    def restore(self) -> None:
        """Every table as it was. Sequences go on, as after Django's own flush."""
        with connection.cursor() as cursor:
            now = _prints(cursor, self.prints)
            changed = [table for table, found in now.items() if found != self.prints[table]]
            with _no_foreign_keys(cursor):
                for table in changed:
                    cursor.execute(SQL("DELETE FROM {}").format(Identifier(table)))
                    if table in self.rows:
                        _write(cursor, table, self.rows[table])


class RowsOnce:
    """Rows that are dear to make: made by the first who asks for them, and copied back for all others after it.

    Only upon a database as it was migrated. Their keys stay theirs, for sequences go on.
    """

    def __init__(self, migrated: MigratedRows, make: Callable[[], object]) -> None:
        self.migrated, self.make = migrated, make
        self.rows: dict[str, bytes] = {}

    def here(self) -> None:
        """The rows stand in the database."""
        if not self.rows:
            self.make()
            with connection.cursor() as cursor:
                now = _prints(cursor, self.migrated.prints)
                changed = [table for table, found in now.items() if found != self.migrated.prints[table]]
                self.rows = {table: _read(cursor, table) for table in changed}
            return
        with connection.cursor() as cursor, _no_foreign_keys(cursor):
            for table, rows in self.rows.items():
                if table in self.migrated.rows:
                    cursor.execute(SQL("DELETE FROM {}").format(Identifier(table)))
                _write(cursor, table, rows)


def _prints(cursor: CursorWrapper, tables: Any) -> dict[str, str | None]:
    """One text for the rows of each table; None where there are none. One query."""
    one = "(SELECT md5(string_agg(r::text, '' ORDER BY r::text)) FROM {} r)"
    asked = SQL("SELECT ") + SQL(", ").join(SQL(one).format(Identifier(table)) for table in tables)
    cursor.execute(asked)
    return dict(zip(tables, cursor.fetchone(), strict=True))


def _read(cursor: CursorWrapper, table: str) -> bytes:
    with cursor.copy(SQL("COPY {} TO STDOUT").format(Identifier(table))) as copy:
        return b"".join(copy)


def _write(cursor: CursorWrapper, table: str, rows: bytes) -> None:
    with cursor.copy(SQL("COPY {} FROM STDIN").format(Identifier(table))) as copy:
        copy.write(rows)


@contextmanager
def _no_foreign_keys(cursor: CursorWrapper) -> Iterator[None]:
    """In any order of tables: no trigger looks whether a row is still referred to. The tests' role may do so."""
    cursor.execute("SET session_replication_role = replica")
    try:
        yield
    finally:
        cursor.execute("RESET session_replication_role")
