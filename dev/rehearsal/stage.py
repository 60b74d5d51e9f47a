"""Everything that serves a town, on this machine, on a database that is dropped at the end."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from dev.environment import environment
from dev.prepare import prepare_files
from dev.processes import Child, free_port, port_in_use, spawn, stopping, wait_until
from dev.programs import spawn_beat, spawn_web, spawn_worker
from dev.run import WEB_SECONDS, healthy
from dev.services import services
from dev.template import drop_leftovers, throwaway
from dev.till import spawn_stripe, stripe_environment

PROGRAMS = ("web", "worker", "beat")
STRIPE_NAMES = tuple(stripe_environment(""))


@dataclass(frozen=True)
class Stage:
    """`children`: all that must go on running; `mail` and `logs` are folders; `stripe`: of the fake, if it runs."""

    site: str
    database_url: str
    broker_url: str
    mail: Path
    logs: Path
    children: list[Child]
    stripe: str = ""

    @property
    def requests(self) -> Path:
        """Every request that was made to Stripe, as JSON lines."""
        return self.logs.parent / "stripe" / "requests.jsonl"

    def fallen(self) -> Child | None:
        """A program that has ended by itself."""
        return next((child for child in self.children if not child.running), None)


@contextmanager
def stage(home: Path, *, with_cards: bool = False) -> Iterator[Stage]:
    """Start it all under `home`, put its settings into the environment, stop it all at the end.

    `with_cards`: with a fake Stripe. Keys that the shell names are never used: nothing here is paid for in earnest.

    DATABASE_URL may name a server on which a throwaway database is made. Broker and cache are always the rehearsal's
    own: on anybody else's, a strange worker could take our tasks. So is the mail server.
    """
    for name in ("BROKER_URL", "CACHE_URL", *STRIPE_NAMES):
        os.environ.pop(name, None)
    for folder in ("mail", "log", "stripe"):
        shutil.rmtree(home / folder, ignore_errors=True)
    embedded = not os.environ.get("DATABASE_URL")
    children: list[Child] = []
    with ExitStack() as running:
        urls = running.enter_context(services(home, durable=False, started=children))
        mail_port, web_port = free_port(), free_port()
        site = f"http://127.0.0.1:{web_port}"
        stripe = start_stripe(home, site, running, children) if with_cards else ""
        prepared = os.environ.get("STATIC_ROOT")  # a test run has collected the static files already
        env = environment(home, urls, site_url=site, email_url=f"smtp://127.0.0.1:{mail_port}")
        os.environ.update({**env, "STATIC_ROOT": prepared or env["STATIC_ROOT"]})
        os.environ["TRUSTED_PROXIES"] = "1"  # each browser is seen at its own address, as behind the proxy of a town
        os.environ.update(stripe_environment(stripe) if stripe else {})
        if not prepared:
            prepare_files(home, os.environ)
        if embedded:
            drop_leftovers(urls["DATABASE_URL"])
        database_url = running.enter_context(throwaway(urls["DATABASE_URL"]))
        os.environ["DATABASE_URL"] = database_url
        for child in start_programs(home, mail_port, web_port):
            children.append(running.enter_context(stopping(child)))
        wait_until(lambda: port_in_use(mail_port), WEB_SECONDS, "the mail server")
        wait_until(lambda: healthy(web_port), WEB_SECONDS, "the web server", child=children[-1])
        running.callback(ask_to_stop, children[-len(PROGRAMS) :])  # all at once, then wait for each
        yield Stage(site, database_url, urls["BROKER_URL"], home / "mail", home / "log", children, stripe)


def start_stripe(home: Path, site: str, running: ExitStack, children: list[Child]) -> str:
    """A fake that knows nothing yet; where it is."""
    port = free_port()
    children.append(running.enter_context(stopping(spawn_stripe(port, home / "stripe", home / "log", site))))
    wait_until(lambda: port_in_use(port), WEB_SECONDS, "the fake Stripe", child=children[-1])
    return f"http://127.0.0.1:{port}"


def ask_to_stop(programs: list[Child]) -> None:
    for program in programs:
        program.ask_to_stop()


def start_programs(home: Path, mail_port: int, web_port: int) -> Iterator[Child]:
    """The mail server, then the programs of docker-compose.yml, with the numbers that stand there."""
    logs = home / "log"
    mailbox = [sys.executable, "-m", "dev.mailbox", str(mail_port), str(home / "mail")]
    yield spawn("mail server", mailbox, logs / "mail.log")
    yield spawn_worker(logs)
    yield spawn_beat(home, logs)
    yield spawn_web(web_port, logs, options=["--graceful-timeout", "5"])
