"""The contenders on one machine: the same gunicorn, the same PostgreSQL, a database each; one is loaded at a time."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dev import ROOT
from dev.environment import environment
from dev.manage import manage
from dev.prepare import prepare_files
from dev.processes import Child, ServiceError, free_port, stopping, wait_until
from dev.programs import spawn_beat, spawn_web, spawn_worker
from dev.run import WEB_SECONDS
from dev.services import services
from dev.template import drop_leftovers, throwaway

OURS, OSCAR, FLOOR = "marche", "oscar", "bare"
_SHM = Path("/dev/shm")  # noqa: S108  (memory: a heartbeat file of gunicorn must not wait for a disk)


@dataclass(frozen=True)
class Contender:
    """`programs`: the process of each program that works for it, for whoever counts processor time."""

    name: str
    site: str
    programs: Mapping[str, int]


@dataclass(frozen=True)
class Stage:
    """`oscar_env`: the environment in which commands speak to the stock Oscar; `tasks`: worker and beat."""

    home: Path
    urls: Mapping[str, str]
    oscar_env: Mapping[str, str]
    shared: Mapping[str, int]


@contextmanager
def stage(home: Path) -> Iterator[tuple[Stage, ExitStack]]:
    """Services, and two migrated databases. Our settings go into the environment; everything stops at the end."""
    for name in ("BROKER_URL", "CACHE_URL"):
        os.environ.pop(name, None)
    shutil.rmtree(home / "log", ignore_errors=True)
    embedded = not os.environ.get("DATABASE_URL")
    children: list[Child] = []
    with ExitStack() as running:
        urls = running.enter_context(services(home, durable=True, started=children))
        prepared = os.environ.get("STATIC_ROOT")  # a test run has collected the static files already
        env = environment(home, urls, site_url="http://127.0.0.1", email_url="dummymail://")
        os.environ.update({**env, "STATIC_ROOT": prepared or env["STATIC_ROOT"], "LOG_LEVEL": "WARNING"})
        if not prepared:
            prepare_files(home, os.environ)
        if embedded:
            drop_leftovers(urls["DATABASE_URL"])
        ours, theirs = (running.enter_context(throwaway(urls["DATABASE_URL"])) for _contender in (OURS, OSCAR))
        os.environ |= {"DATABASE_URL": ours, "DJANGO_SETTINGS_MODULE": "marche.settings"}
        oscar = {"DJANGO_SETTINGS_MODULE": "dev.bench.oscar.settings", "DATABASE_URL": theirs}
        manage("migrate", "--verbosity=0", env=oscar)  # the tables of the apps of Oscar that we do without
        yield Stage(home, urls, oscar, {child.name: child.pid for child in children}), running


def start_contenders(on: Stage, running: ExitStack) -> dict[str, Contender]:
    """A gunicorn for each, and for us the worker and the beat that send what Oscar sends inside the request."""
    logs = on.home / "log"
    tasks = [running.enter_context(stopping(child)) for child in (spawn_worker(logs), spawn_beat(on.home, logs))]
    found, waiting = {}, []
    for name, module, env in (
        (OURS, "marche.wsgi", {}),
        (OSCAR, "dev.bench.oscar.wsgi", on.oscar_env),
        (FLOOR, "dev.bench.floor:serve()", {}),
    ):
        port = free_port()
        options = ["--worker-tmp-dir", str(_SHM)] if _SHM.is_dir() else []
        web = spawn_web(port, logs, name=name, module=module, options=options, env=env)
        running.enter_context(stopping(web))
        waiting.append((port, web))
        own = {child.name: child.pid for child in tasks} if name == OURS else {}
        shared = {} if name == FLOOR else on.shared
        found[name] = Contender(name, f"http://127.0.0.1:{port}", {"web": web.pid, **shared, **own})
    for port, web in waiting:
        wait_until(lambda port=port: _answers(port), WEB_SECONDS, f"the server of {web.name}", child=web)  # type: ignore[misc]
    return found


def in_oscar(on: Stage, module: str, said: Any) -> Any:
    """What a module of ours says when it runs with Oscar's settings; both speak JSON."""
    return run_module(module, said, {**os.environ, **on.oscar_env})


def run_module(module: str, said: Any, env: Mapping[str, str]) -> Any:
    """Run `python -m module` with JSON on its standard input, and read the JSON that it prints."""
    command = [sys.executable, "-m", module]
    result = subprocess.run(
        command, cwd=ROOT, env=dict(env), input=json.dumps(said), capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise ServiceError(f"{module} failed:\n{result.stderr[-4000:]}")
    return json.loads(result.stdout)


def _answers(port: int) -> bool:
    """Whether anything answers at all; what it says is looked at by each call."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("HEAD", "/")
            connection.getresponse()
        except (OSError, http.client.HTTPException):
            return False
    return True
