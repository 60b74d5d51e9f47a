"""The embedded PostgreSQL really serves, whoever starts it, and comes back after a crash."""

import os
import pwd
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from dev.postgres import Postgres, account
from dev.processes import ServiceError, wait_until


@pytest.fixture
def postgres(home: Path) -> Iterator[Postgres]:
    server = Postgres(home / "postgres", durable=False)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def ask(server: Postgres, query: LiteralString) -> object:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        row = connection.execute(query).fetchone()
        return row and row[0]


def test_it_speaks_unicode_and_gives_up_safety_only_when_told(postgres: Postgres) -> None:
    assert ask(postgres, "SHOW server_encoding") == "UTF8"
    assert ask(postgres, "SHOW fsync") == "off"
    assert ask(postgres, "SELECT upper('é')") == "É"
    postgres.stop()
    postgres.durable = True
    postgres.start()
    assert ask(postgres, "SHOW fsync") == "on"
    assert ask(postgres, "SHOW full_page_writes") == "on"


def test_nobody_enters_without_the_password(postgres: Postgres) -> None:
    password = postgres.password_file.read_text()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(postgres.url().replace(password, "wrong"))
    assert postgres.password_file.stat().st_mode & 0o077 == 0


def test_it_never_runs_as_root(postgres: Postgres) -> None:
    assert postgres.child is not None
    owner = Path(f"/proc/{postgres.child.pid}").stat().st_uid
    assert owner == (pwd.getpwnam(account()).pw_uid if os.geteuid() == 0 else os.geteuid())
    assert owner != 0


def test_data_outlives_a_crash_and_a_stale_file_does_not_hinder(postgres: Postgres) -> None:
    with psycopg.connect(postgres.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    postgres.kill()
    pid_file = postgres.data / "postmaster.pid"
    pid_file.write_text(pid_file.read_text().replace(pid_file.read_text().split()[0], str(os.getpid()), 1))
    postgres.start()
    assert ask(postgres, "SELECT number FROM kept") == 7


def test_a_port_in_use_is_told(postgres: Postgres) -> None:
    other = Postgres(postgres.home.parent / "other", durable=False)
    other.port = postgres.port
    with pytest.raises(ServiceError, match="could not bind"):
        other.start()
    shutil.rmtree(other.home)


def test_waiting_ends_with_a_sentence() -> None:
    with pytest.raises(ServiceError, match="in vain for a miracle"):
        wait_until(lambda: False, 0.05, "a miracle")
