"""`make run`: the whole project on this machine, until Ctrl-C. `python -m dev.run [--reset]`, the port from PORT.

Services, tables and the demo market first, then web, one worker and beat. The end of any of them ends all.
"""

import http.client
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack, closing
from pathlib import Path

from dev import VAR
from dev.environment import environment
from dev.postgres import account, reachable
from dev.prepare import prepare_all
from dev.processes import Child, ServiceError, free_port, only_one, port_in_use, spawn, stopping, wait_until
from dev.programs import spawn_beat, spawn_web, spawn_worker
from dev.services import services
from dev.till import edition, has_its_own_stripe, same_port, spawn_stripe, stripe_environment

HOME = VAR / "run"
STRIPE = HOME / "stripe"
LOGS = HOME / "log"
MAIL = VAR / "mail"
WEB_SECONDS = 60
IN_USE = "Another `make run` is using var/run: stop it first (Ctrl-C in its window)."


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    try:
        with only_one(HOME, IN_USE):
            reset() if "--reset" in sys.argv[1:] else run(port())
    except ServiceError as error:
        print(f"\n{error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def leave(number: int, frame: object) -> None:
    """End in order; a second Ctrl-C does not disturb it."""
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    say("\nStopping.")
    raise SystemExit(0)


def port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise ServiceError(f"PORT={text} is not a port number.")
    if port_in_use(int(text)):
        raise ServiceError(f"Port {text} is in use by another program: stop it, or choose another: make run PORT=8001")
    return int(text)


def reset() -> None:
    """Forget the data of `make run`: database, mails, uploads. The lock stays, for it is ours."""
    database = reachable((HOME / "postgres").absolute(), account())
    for folder in (database, MAIL, *(entry for entry in HOME.iterdir() if entry.name != "lock")):
        shutil.rmtree(folder) if folder.is_dir() else folder.unlink(missing_ok=True)
    say("The data is forgotten: `make run` starts afresh.")


def run(port: int) -> None:
    started = time.monotonic()
    say("Starting PostgreSQL and Valkey…")
    with ExitStack() as running:
        children: list[Child] = []
        urls = running.enter_context(services(HOME, durable=True, started=children))
        email_url, catcher = mail_server(running)
        site_url = f"http://127.0.0.1:{port}"
        cards, stripe = card_server(running, site_url)
        env = {**environment(HOME, urls, site_url=site_url, email_url=email_url), **cards}
        say("Preparing tables and the demo market (the first time this takes about a minute)…")
        prepare_all(HOME, env, demo_of=edition(STRIPE) if stripe else "")
        web = running.enter_context(stopping(start_web(port, env)))
        wait_until(lambda: healthy(port), WEB_SECONDS, "the web server", child=web)
        programs = [*(running.enter_context(stopping(child)) for child in start_tasks(env)), web]
        running.callback(ask_to_stop, programs)
        welcome(port, time.monotonic() - started, can_try_cards=bool(stripe))
        watch([*children, *catcher, *stripe, *programs])


def ask_to_stop(programs: list[Child]) -> None:
    """All at once; each is then waited for in its turn."""
    for program in programs:
        program.ask_to_stop()


def mail_server(running: ExitStack) -> tuple[str, list[Child]]:
    """EMAIL_URL of the environment, else of a mail catcher started here."""
    if given := os.environ.get("EMAIL_URL"):
        return given, []
    port = free_port()
    command = [sys.executable, "-m", "dev.mailbox", str(port), str(MAIL)]
    return f"smtp://127.0.0.1:{port}", [running.enter_context(stopping(spawn("mail catcher", command, log("mail"))))]


def card_server(running: ExitStack, site_url: str) -> tuple[dict[str, str], list[Child]]:
    """The settings of the till, with a fake Stripe started here unless the shell names keys of its own."""
    if has_its_own_stripe():
        return {}, []
    port = same_port(STRIPE)
    child = running.enter_context(stopping(spawn_stripe(port, STRIPE, LOGS, site_url, keep=True)))
    wait_until(lambda: port_in_use(port), WEB_SECONDS, "the fake Stripe", child=child)
    return stripe_environment(f"http://127.0.0.1:{port}"), [child]


def start_web(port: int, env: Mapping[str, str]) -> Child:
    return spawn_web(port, LOGS, options=["--graceful-timeout", "5", "--access-logfile", "-"], env=env)


def start_tasks(env: Mapping[str, str]) -> list[Child]:
    return [spawn_worker(LOGS, concurrency=1, env=env), spawn_beat(HOME, LOGS, env=env)]


def log(name: str) -> Path:
    return LOGS / f"{name}.log"


def healthy(port: int) -> bool:
    """Whether /sante/ answers 200; ServiceError when it answers something else. Proxies of the shell are not asked."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("GET", "/sante/")
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return False
    if status != 200:
        raise ServiceError(f"The web server answers {status} on /sante/; see {log('web')}.")
    return True


def welcome(port: int, seconds: float, *, can_try_cards: bool = False) -> None:
    """Where it is, and for each role a login that works at once."""
    from dev.demo.logins import LOGINS

    address = f"http://127.0.0.1:{port}"
    say(f"\nMarché is ready after {seconds:.1f} s: {address}/\n")
    for role, email, password, path in LOGINS:
        say(f"  {role:<14} {address}{path}" + (f"   {email}   {password}" if email else ""))
    if can_try_cards:
        say("\n  cards          4242 4242 4242 4242 pays, 4000 0000 0000 0002 is declined: the Stripe here is a fake")
    say(f"\n  mails        {MAIL}\n  logs         {HOME / 'log'}\n\nCtrl-C stops everything.")


def watch(children: list[Child]) -> None:
    """Wait for a signal, or for the end of any child, which is a failure."""
    never = threading.Event()
    while all(child.running for child in children):
        never.wait(0.2)
    ended = next(child for child in children if not child.running)
    raise ServiceError(f"{ended.name} ended by itself, so everything stops. Its last words:\n{ended.last_lines()}")


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
