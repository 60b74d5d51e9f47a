"""On what the figures were taken: they mean nothing on another machine."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

from dev import ROOT

LIBRARIES = ("django", "django-oscar", "gunicorn", "psycopg", "whitenoise", "celery")


def facts(database_url: str) -> dict[str, Any]:
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT current_setting('server_version'), current_setting('fsync')").fetchone()
    server, fsync = row or ("", "")
    return {
        "processors": os.cpu_count(),
        "processor": _processor(),
        "system": platform.platform(),
        "load before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "postgresql": f"{server}, fsync {fsync}",
        **{name: version(name) for name in LIBRARIES},
        "commit": _commit(),
    }


def told(known: dict[str, Any]) -> str:
    return "; ".join(f"{name} {value}" for name, value in known.items())


def warning(known: dict[str, Any]) -> str:
    """What to say when somebody else is at work on the same machine."""
    if known["load before"] < (os.cpu_count() or 1) / 4:
        return ""
    return "The machine was busy before this began: of what follows, only CPU, queries and kB mean much."


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def _commit() -> str:
    """The commit that is checked out, and whether anything was changed since; nothing outside of git."""
    command = ["git", "describe", "--always", "--dirty"]
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""
