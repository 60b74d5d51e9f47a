"""Throwaway databases are migrated, separate, and gone afterwards."""

import os

import psycopg
import pytest

from dev.stamps import digest
from dev.template import throwaway
from dev.testing import numbered, own_databases


def names(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


def test_a_throwaway_database_is_migrated_and_dropped() -> None:
    server = os.environ["DATABASE_URL"]
    with throwaway(server) as url:
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT count(*) FROM django_migrations WHERE app = 'orders'").fetchone()
        assert row is not None
        assert row[0] > 0
        assert url.rpartition("/")[2] in names(server)
    assert url.rpartition("/")[2] not in names(server)


def test_each_worker_has_its_own_part_of_the_broker_and_the_cache() -> None:
    urls = {"BROKER_URL": "redis://:x@127.0.0.1:1/0", "CACHE_URL": "redis://:x@127.0.0.1:1/1"}
    given = [tuple(own_databases(urls, worker).values()) for worker in ("", "gw1", "gw2")]
    assert [tuple(url.rpartition("/")[2] for url in pair) for pair in given] == [("0", "1"), ("2", "3"), ("4", "5")]


def test_another_kind_of_broker_stays_as_it_is() -> None:
    assert numbered("amqp://a:b@c:1//", 3) == "amqp://a:b@c:1//"


@pytest.mark.parametrize(("patterns", "more"), [(("Makefile",), ()), (("Makefile", "manage.py"), ("x",))])
def test_a_digest_changes_with_what_it_is_made_of(patterns: tuple[str, ...], more: tuple[str, ...]) -> None:
    assert digest(patterns, *more) == digest(patterns, *more)
    assert digest(patterns, *more) != digest(("manage.py",), *more)
