"""The whole installation as processes of its own: gunicorn, a Celery worker, Valkey, and a Stripe that misbehaves."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import redis
from django.db import connection
from django.utils import timezone

from dev.broker import is_busy
from dev.fakestripe import FakeStripe
from dev.processes import Child, free_port, port_in_use, wait_until
from dev.programs import spawn_web, spawn_worker
from dev.template import with_database
from dev.till import TILL, stripe_environment
from dev.valkey import Valkey
from marche.outbox.actions.queue import enqueue_task
from marche.payments.models import Instruction, StripeEvent

PATIENCE_SECONDS = 30
TIMEOUT_SECONDS = 0.7  # of each call to Stripe
CONNECT_SECRET = "whsec_fakestripe_comptes"


@dataclass
class Stage:
    """What runs while the tests of this folder run. `fake` is another one for each test, at the same address."""

    folder: Path
    valkey: Valkey
    site_port: int = field(default_factory=free_port)
    stripe_port: int = field(default_factory=free_port)
    web: Child | None = None
    worker: Child | None = None
    fake: FakeStripe = field(init=False)

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.site_port}"

    @property
    def environment(self) -> dict[str, str]:
        """The settings of all processes: the database of this test run, a broker and a cache of our own."""
        return {
            "DATABASE_URL": with_database(os.environ["DATABASE_URL"], connection.settings_dict["NAME"]),
            "BROKER_URL": self.valkey.url(0),
            "CACHE_URL": self.valkey.url(1),
            "SITE_URL": self.site,
            **stripe_environment(f"http://127.0.0.1:{self.stripe_port}"),
            "STRIPE_TIMEOUT": str(TIMEOUT_SECONDS),
        }

    def open_stripe(self) -> FakeStripe:
        """A Stripe that knows nothing yet, and tells the site what happens."""
        webhook = f"{self.site}/stripe/{TILL}/"
        self.fake = FakeStripe(
            port=self.stripe_port, webhook=webhook, connect_webhook=f"{webhook}comptes/", connect_secret=CONNECT_SECRET
        )
        return self.fake

    def start(self) -> None:
        """What does not run."""
        if not self.web:
            self.web = spawn_web(self.site_port, self.folder, env=self.environment)
        if not (self.worker and self.worker.running):
            self.worker = spawn_worker(self.folder, concurrency=1, env=self.environment)
        wait_until(lambda: port_in_use(self.site_port), PATIENCE_SECONDS, "the site", child=self.web)

    def stop(self) -> None:
        for child in (self.worker, self.web):
            if child:
                child.kill()

    def kill_worker(self) -> None:
        """As a power cut would, with whatever it was doing. Its broker forgets that somebody had taken the task."""
        assert self.worker
        self.worker.kill()
        with redis.Redis.from_url(self.valkey.url(0)) as broker:
            broker.delete("unacked", "unacked_index")

    def kill_web_workers(self) -> None:
        """Whoever answers requests; gunicorn starts others in their place."""
        assert self.web
        for pid in Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children").read_text().split():
            os.kill(int(pid), signal.SIGKILL)

    def fire(self, task: str) -> None:
        """Ask for a task, as beat does."""
        enqueue_task(task)

    def wait_for(self, condition: Callable[[], object], what: str) -> None:
        wait_until(lambda: bool(condition()), PATIENCE_SECONDS, what, child=self.worker)

    def rest(self) -> None:
        """Until Stripe has told all that it wants to tell, and the worker has done all that was asked of it."""
        self.wait_for(lambda: self.fake.settle(0) and not self.busy, "the worker to have nothing to do")

    @property
    def busy(self) -> bool:
        """Whether a task waits or is under way."""
        return is_busy(self.valkey.url(0))

    def sweep(self) -> None:
        """As if every lease and every pause between two tries were over: what waits is done in the next minute."""
        self.rest()
        Instruction.objects.filter(state=Instruction.State.WAITING).update(due_at=timezone.now())
        self.fire("marche.payments.tasks.sweep")
        self.fire("orders.tasks.cancel_unpaid_orders")
        self.rest()

    def settle(self) -> None:
        """Until nothing waits. Each thing that is done may lead to the next."""
        self.rest()
        for _sweep in range(5):
            if not self.has_work:
                return
            self.sweep()
        raise AssertionError(f"it never ends: {list(Instruction.objects.filter(state='waiting').values())}")

    @property
    def has_work(self) -> bool:
        waiting = Instruction.objects.filter(state=Instruction.State.WAITING)
        return waiting.exists() or StripeEvent.objects.filter(handled_at=None).exists()

    def hanging(self, count: int = 1) -> None:
        assert self.fake.faults.wait_for_hanging(count), "no request came to where it was to hang"

    def let_go(self) -> None:
        """Stripe is well again, and what hung there is carried out in the end."""
        self.fake.clear_faults()
        wait_until(lambda: self.fake.faults.hanging == 0, PATIENCE_SECONDS, "the hanging requests")


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    """Run all actions at the same time; what each returned, in order."""
    results: list[Any] = [None] * len(actions)
    barrier = threading.Barrier(len(actions), timeout=PATIENCE_SECONDS)

    def run(place: int, action: Callable[[], Any]) -> None:
        barrier.wait()
        results[place] = action()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
