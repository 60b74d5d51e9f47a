"""Nothing is asked of Stripe from books that may be old: those of a database that was restored.

A backup knows nothing of the refunds and transfers that were made after it, and would make them again. PostgreSQL gives
each database a number of its own, and each cluster: a row of the books says in which of them it was written, and the
same row somewhere else means that it came there by a restore. From then on the books are held, until `after_restore`
has adopted what Stripe has. Whoever restores otherwise (a copy of PostgreSQL's files, say) holds them by hand.
"""

from __future__ import annotations

from django.db import connection
from django.utils import timezone

from marche.payments.models import Books

THE_ONE = 1
_WHERE = """
SELECT (SELECT system_identifier FROM pg_control_system()) || ':' || oid
FROM pg_database WHERE datname = current_database()
"""


def is_held() -> bool:
    """Whether nothing may be asked of Stripe now. Two queries."""
    here = _here()
    books, _is_new = Books.objects.get_or_create(pk=THE_ONE, defaults={"home": here})
    return books.held_since is not None or books.home != here


def hold() -> None:
    """From now on nothing is asked of Stripe."""
    now = timezone.now()
    defaults = {"held_since": now}
    Books.objects.update_or_create(pk=THE_ONE, defaults=defaults, create_defaults={"home": _here(), **defaults})


def release() -> None:
    """These are the books again, in this database."""
    defaults = {"home": _here(), "held_since": None}
    Books.objects.update_or_create(pk=THE_ONE, defaults=defaults)


def _here() -> str:
    with connection.cursor() as cursor:
        cursor.execute(_WHERE)
        return str(cursor.fetchone()[0])
