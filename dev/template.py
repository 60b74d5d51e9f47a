"""Throwaway databases, copied in a moment from one that was migrated once.

Migrating some 110 tables takes about 20 s, copying the result a fraction of one. The migrated template's name holds the
hash of the files it came from, so that a changed migration makes another one.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Identifier

from dev.manage import manage
from dev.stamps import MIGRATIONS, digest

TEMPLATE_PREFIX = "marche_template_"
CLONE_PREFIX = "marche_clone_"
LOCK = 7_246_001  # any number, the same for all: only one process at a time looks after the template


def with_database(url: str, name: str) -> str:
    """The same address, for another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@contextmanager
def throwaway(url: str) -> Iterator[str]:
    """Address of a fresh, migrated database on the server of `url`, dropped at the end of the block.

    The role needs CREATEDB. The other settings that `migrate` reads must be in the environment.
    """
    name = f"{CLONE_PREFIX}{secrets.token_hex(6)}"
    with alone(url) as connection:
        template = _template(connection, url)
        connection.execute(
            SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(Identifier(name), Identifier(template))
        )
    try:
        yield with_database(url, name)
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            _drop(connection, name)


@contextmanager
def alone(url: str) -> Iterator[psycopg.Connection]:
    """A connection that holds the lock; it is let go with the connection, even when the process is killed."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield connection


def drop_leftovers(url: str) -> None:
    """Forget the clones of runs that were killed. Only for a server that nobody else uses now."""
    with alone(url) as connection:
        for name in _databases(connection, CLONE_PREFIX):
            _drop(connection, name)


def _template(connection: psycopg.Connection, url: str) -> str:
    """Name of the template for the migrations as they stand, built now when there is none; the lock is held."""
    name = f"{TEMPLATE_PREFIX}{digest(MIGRATIONS)}"
    known = _databases(connection, TEMPLATE_PREFIX)
    if name in known:
        return name
    for old in known:
        _drop(connection, old)
    half_made = f"{TEMPLATE_PREFIX}half_made"
    connection.execute(SQL("CREATE DATABASE {}").format(Identifier(half_made)))
    manage("migrate", "--verbosity=0", env={"DATABASE_URL": with_database(url, half_made)})
    connection.execute(SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(half_made), Identifier(name)))
    return name


def _databases(connection: psycopg.Connection, prefix: str) -> list[str]:
    rows = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
    return [name for (name,) in rows]


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
