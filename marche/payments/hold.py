"""Payments on hold: nothing is asked of Stripe from books that may be old, those of a database that was restored.

A backup knows nothing of the refunds and transfers that were made after it, and would make them again. PostgreSQL gives
each database a number of its own, and each cluster: a row of the books says in which of them it was written, and the
same row somewhere else means that it came there by a restore. From then on the books are on hold, until `after_restore`
has adopted what Stripe has. Whoever restores otherwise (a copy of PostgreSQL's files, say) puts them on hold by hand.
"""

from __future__ import annotations

from django.db import connection
from django.utils import timezone

from marche.payments.models import Books

THE_ONE = 1
_HERE = """
SELECT (SELECT system_identifier FROM pg_control_system()) || ':' || oid AS here
FROM pg_database WHERE datname = current_database()
"""
_IS_ON_HOLD = f"""
SELECT books.held_since IS NOT NULL OR books.home <> place.here
FROM payments_books AS books, ({_HERE}) AS place
"""  # noqa: S608  (text of our own)


def is_on_hold() -> bool:
    """Whether nothing may be asked of Stripe now. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_IS_ON_HOLD)
        row = cursor.fetchone()
    return bool(row and row[0])


def begin() -> None:
    """Note where the books are kept, once: from the first thing on that is asked of Stripe. One query."""
    Books.objects.bulk_create([Books(pk=THE_ONE, home=_here())], ignore_conflicts=True)


def hold() -> None:
    """From now on nothing is asked of Stripe."""
    now = timezone.now()
    defaults = {"held_since": now}
    Books.objects.update_or_create(pk=THE_ONE, defaults=defaults, create_defaults={"home": _here(), **defaults})


def resume() -> None:
    """Payments go on: these are the books, in this database."""
    defaults = {"home": _here(), "held_since": None}
    Books.objects.update_or_create(pk=THE_ONE, defaults=defaults)


def _here() -> str:
    with connection.cursor() as cursor:
        cursor.execute(_HERE)
        return str(cursor.fetchone()[0])
