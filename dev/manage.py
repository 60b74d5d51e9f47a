"""`manage.py`, and other programs of the project, in processes of their own that die with this one."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from dev import ROOT
from dev.processes import Child, ServiceError, bound, spawn


def arguments(*command: str) -> list[str]:
    return [sys.executable, str(ROOT / "manage.py"), *command]


def manage(*command: str, env: Mapping[str, str]) -> None:
    """Run to the end; ServiceError with all that was printed when it fails."""
    run(*arguments(*command), env=env)


def run(*command: str, env: Mapping[str, str]) -> None:
    """The same for any program."""
    result = subprocess.run(
        bound(command),
        cwd=ROOT,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if result.returncode:
        raise ServiceError(f"{' '.join(command[1:])} failed:\n{result.stdout}")


def start(*command: str, env: Mapping[str, str], log: Path) -> Child:
    """Run in the background; `finish` waits for its end."""
    return spawn(f"manage.py {command[0]}", arguments(*command), log, env=env, stop_signal=signal.SIGKILL)


def finish(child: Child) -> None:
    if child.process.wait():
        raise ServiceError(f"{child.name} failed:\n{child.last_lines(40)}")
