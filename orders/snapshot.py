"""Several queries that see one moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """What is read inside is as it stood at the first query, however many orders come in meanwhile.

    PostgreSQL takes the isolation level before a transaction's first query only: inside somebody else's transaction
    what is read is of that transaction's own making. Nothing can be written inside.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
