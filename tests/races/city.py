"""A small city of real parts, each of which a test may kill: PostgreSQL, Valkey, an SMTP server and Celery workers."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis
from celery import current_app
from django.db import connection
from django.utils import timezone
from psycopg.sql import SQL, Identifier

from dev.postgres import Postgres
from dev.processes import Child, spawn, wait_until
from dev.stamps import MIGRATIONS, digest
from dev.template import TEMPLATE_PREFIX, throwaway
from dev.valkey import Valkey
from marche.markets.models import MarketDay
from marche.outbox.actions.queue import enqueue_task
from marche.outbox.models import Message
from tests import cast
from tests.outbox.post_office import PostOffice

LEASE_SECONDS = 2
PATIENCE_SECONDS = 60


@dataclass
class City:
    postgres: Postgres
    valkey: Valkey
    office: PostOffice
    database_url: str
    folder: Path
    workers: list[Child] = field(default_factory=list)

    def worker(self) -> Child:
        """Start a worker, as an installation does."""
        options = ["--concurrency=1", "--without-gossip", "--without-mingle"]
        environment = {
            "DATABASE_URL": self.database_url,
            "BROKER_URL": self.valkey.url(),
            "EMAIL_URL": f"smtp://127.0.0.1:{self.office.port}",
            "OUTBOX_LEASE_SECONDS": str(LEASE_SECONDS),
            "CONN_MAX_AGE": "60",
            "LOG_LEVEL": "INFO",
        }
        command = [sys.executable, "-m", "celery", "-A", "marche", "worker", *options]
        child = spawn("worker", command, self.folder / "worker.log", env=environment)
        self.workers.append(child)
        return child

    def stop_workers(self) -> None:
        for child in self.workers:
            child.kill()

    def fire(self, task: str) -> None:
        """Ask for a task, as beat does."""
        with current_app.connection_for_write() as broker:
            current_app.send_task(task, connection=broker)

    def deliver(self) -> None:
        """Sweep until nothing waits, with a worker that lives."""
        with redis.Redis.from_url(self.valkey.url()) as broker:

            def delivered() -> bool:
                if Message.objects.due().exists() and not broker.llen("celery"):
                    enqueue_task("marche.outbox.tasks.sweep")
                return not Message.objects.filter(state=Message.State.WAITING).exists()

            wait_until(delivered, PATIENCE_SECONDS, "all mails to be sent", child=self.workers[-1])

    @contextmanager
    def locked(self, statement: str) -> Iterator[None]:
        """Run this locking statement in another connection and hold what it locks."""
        with closing(psycopg.connect(self.database_url)) as other:
            other.execute(statement)
            yield

    def wait_for(self, condition: Callable[[], bool]) -> None:
        wait_until(condition, PATIENCE_SECONDS, "the worker", child=self.workers[-1])

    def wait_until_blocked(self, count: int = 1) -> None:
        """Wait for so many workers to wait for a lock."""
        self.wait_for(lambda: len(blocked()) >= count)

    def cut_off_blocked(self) -> None:
        """End the connections of who waits for a lock. The server would notice their death only after the lock."""
        for pid in blocked():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", [pid])

    def crash_database(self) -> None:
        """As a power cut would; it comes back on the same port."""
        connection.close()
        self.postgres.kill()

    def day_past_its_cutoff(self) -> MarketDay:
        """A day that is not closed yet, with an order of carrots and honey: two producers are to be told."""
        day, now = cast.saturday(cast.beauvais()), timezone.now()
        times = {"starts_at": now + dt.timedelta(days=1), "ends_at": now + dt.timedelta(days=2)}
        times |= {"opens_at": now - dt.timedelta(days=1)}
        MarketDay.objects.update(closes_at=now + dt.timedelta(hours=1), **times)
        day.refresh_from_db()
        carrots = cast.listing(cast.carrots(cast.ferme_du_ru(day.market)), day)
        honey = cast.listing(cast.honey(cast.le_rucher(day.market)), day)
        cast.placed_order({carrots: 1, honey: 1}, email="", phone="+33639980102")
        MarketDay.objects.update(closes_at=now - dt.timedelta(minutes=1))
        return day


class Gate:
    """Holds whoever comes first until it is opened; the ones after it pass."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()
        self.used = threading.Lock()

    def __call__(self) -> None:
        if self.used.acquire(blocking=False):
            self.reached.set()
            self.opened.wait(PATIENCE_SECONDS)

    def wait(self) -> None:
        assert self.reached.wait(PATIENCE_SECONDS), "nobody came to the gate"

    def open(self) -> None:
        self.opened.set()


def blocked() -> list[int]:
    """Who waits for a lock in this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return [pid for (pid,) in cursor.fetchall()]


@contextmanager
def services(folder: Path) -> Iterator[tuple[Postgres, Valkey]]:
    """A database server that survives being killed, and a broker.

    What a killed server had committed is in the kernel's hands; only a power cut would need it on the disk.
    """
    with ExitStack() as running:
        postgres, valkey = Postgres(folder / "postgres", durable=True), Valkey(folder / "valkey")
        for server in (postgres, valkey):
            running.callback(server.stop)
            server.start()
        with psycopg.connect(postgres.url(), autocommit=True) as other:
            for setting in ("fsync", "full_page_writes"):
                other.execute(SQL("ALTER SYSTEM SET {} = off").format(Identifier(setting)))
            other.execute("SELECT pg_reload_conf()")
        copy_template(postgres)
        yield postgres, valkey


def copy_template(postgres: Postgres) -> None:
    """Give the server the migrated template of this test run: quicker than migrating a second time."""
    name = f"{TEMPLATE_PREFIX}{digest(MIGRATIONS)}"
    with psycopg.connect(postgres.url(), autocommit=True) as other:
        other.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    with throwaway(os.environ["DATABASE_URL"]) as migrated:
        dump = client(postgres, "pg_dump", migrated, "--no-owner")
    client(postgres, "psql", postgres.url(name), "--quiet", "--set=ON_ERROR_STOP=1", stdin=dump)


def client(postgres: Postgres, program: str, url: str, *options: str, stdin: bytes = b"") -> bytes:
    """What one of PostgreSQL's own programs prints. The password goes by the environment."""
    parts = urlsplit(url)
    environment = {"PGHOST": parts.hostname or "", "PGPORT": str(parts.port or 5432), "PGUSER": parts.username or ""}
    environment |= {"PGPASSWORD": parts.password or "", "PGDATABASE": parts.path[1:]}
    command = [str(postgres._binary(program)), *options]
    return subprocess.run(
        command, env={**os.environ, **environment}, input=stdin, check=True, stdout=subprocess.PIPE
    ).stdout
