"""The database, the broker and the cache of a developer: those the environment names, or embedded ones.

    with services(VAR / "run", durable=True) as urls: ...

yields the environment variables DATABASE_URL, BROKER_URL and CACHE_URL. Whatever was started for them stops at the
end of the block, and dies with this process even on SIGKILL.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from dev.postgres import Postgres
from dev.processes import Child, ServiceError, only_one
from dev.valkey import Valkey

NAMES = ("DATABASE_URL", "BROKER_URL", "CACHE_URL")


@contextmanager
def services(home: Path, *, durable: bool, started: list[Child] | None = None) -> Iterator[dict[str, str]]:
    """The three addresses. `durable` data survives a power cut; the other kind is quicker.

    What is started here is added to `started`, for a caller who watches over it.
    """
    children = [] if started is None else started
    urls = {name: os.environ[name] for name in NAMES if os.environ.get(name)}
    with ExitStack() as running:
        if "DATABASE_URL" not in urls:
            postgres = Postgres(home / "postgres", durable=durable)
            running.callback(postgres.stop)
            children.append(postgres.start())
            urls["DATABASE_URL"] = postgres.url()
        if len(urls) < len(NAMES):
            valkey = Valkey(home / "valkey")
            running.callback(valkey.stop)
            children.append(valkey.start())
            urls = {"BROKER_URL": valkey.url(0), "CACHE_URL": valkey.url(1), **urls}
        yield urls


@contextmanager
def own_folder(parent: Path, name: str) -> Iterator[Path]:
    """The first of `name`, `name-2`, `name-3`… that no other run holds, locked: two test runs never meet."""
    with ExitStack() as lock:
        for number in range(1, 10):
            folder = parent / (name if number == 1 else f"{name}-{number}")
            try:
                lock.enter_context(only_one(folder, f"{folder} is in use."))
            except ServiceError:
                continue
            yield folder
            return
        raise ServiceError(f"Nine runs at once already use {parent / name}.")
