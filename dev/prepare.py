"""What must be ready before the project serves pages; each step is skipped when nothing it depends on has changed."""

import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from dev.compile_messages import compile_messages
from dev.manage import finish, manage, run, start
from dev.processes import stopping
from dev.stamps import DEMO, MIGRATIONS, STATIC, Stamps, digest


def prepare_files(home: Path, env: Mapping[str, str]) -> None:
    """Translations and static files."""
    compile_messages()
    stamps, current = Stamps(home / "stamps.json"), digest(STATIC, env["STATIC_ROOT"])
    if stamps.needs("static", current):
        manage("collectstatic", "--no-input", "--clear", "--verbosity=0", env=env)
        stamps.record("static", current)


def prepare_all(home: Path, env: Mapping[str, str], demo_of: str = "") -> None:
    """Translations, static files, tables and the demo market; the slow static files go beside the tables.

    `demo_of`: what else the demo depends on, in a word.
    """
    compile_messages()
    stamps, static = Stamps(home / "stamps.json"), digest(STATIC, env["STATIC_ROOT"])
    if not stamps.needs("static", static):
        prepare_data(stamps, env, demo_of)
        return
    log = home / "log" / "collectstatic.log"
    with stopping(start("collectstatic", "--no-input", "--clear", env=env, log=log)) as collecting:
        prepare_data(stamps, env, demo_of)
        finish(collecting)
    stamps.record("static", static)


def prepare_data(stamps: Stamps, env: Mapping[str, str], demo_of: str = "") -> None:
    """Tables, then the demo market: once for each state of their files, the market also once a day."""
    where = env["DATABASE_URL"].rpartition("@")[2].partition(":")[0] + env["DATABASE_URL"].rpartition("/")[2]
    tables, demo = digest(MIGRATIONS, where), digest(DEMO, where, demo_of, date.today().isoformat())  # noqa: DTZ011
    if stamps.needs("tables", tables):
        manage("migrate", "--verbosity=0", env=env)
        stamps.record("tables", tables)
    if stamps.needs("demo", demo):
        run(sys.executable, "-m", "dev.demo", env=env)
        stamps.record("demo", demo)
