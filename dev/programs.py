"""The programs of an installation, with the numbers of the Dockerfile and of docker-compose.yml."""

import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from dev.processes import Child, spawn

_PYTHON = (sys.executable, "-m")
_CELERY = (*_PYTHON, "celery", "--app", "marche", "--quiet")
# fmt: off
_GUNICORN = (
    *_PYTHON, "gunicorn", "--workers", "2", "--threads", "4", "--preload", "--max-requests", "5000",
    "--max-requests-jitter", "500", "--no-control-socket",
)
# fmt: on


def spawn_web(
    port: int,
    logs: Path,
    *,
    name: str = "web",
    module: str = "marche.wsgi",
    options: Sequence[str] = (),
    env: Mapping[str, str] | None = None,
) -> Child:
    """Two workers on 127.0.0.1 that share one import of the project (`--preload`)."""
    command = [*_GUNICORN, "--bind", f"127.0.0.1:{port}", *options, module]
    return spawn(name, command, logs / f"{name}.log", env=env)


def spawn_worker(logs: Path, *, concurrency: int = 2, env: Mapping[str, str] | None = None) -> Child:
    """It ends at once on SIGQUIT: its tasks are safe to run twice."""
    command = [*_CELERY, "worker", "--concurrency", str(concurrency)]
    return spawn("worker", command, logs / "worker.log", env=env, stop_signal=signal.SIGQUIT)


def spawn_beat(home: Path, logs: Path, *, env: Mapping[str, str] | None = None) -> Child:
    """Its schedule is kept in `home`."""
    command = [*_CELERY, "beat", "--schedule", str(home / "beat-schedule"), "--pidfile", ""]
    return spawn("beat", command, logs / "beat.log", env=env)
