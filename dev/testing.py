"""The surroundings of a test run: its settings, and a part of the broker and cache of its own for each worker."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from dev.environment import environment


def test_environment(home: Path, urls: Mapping[str, str]) -> dict[str, str]:
    """Settings of the tests: as in production, but over plain HTTP (the browser's journeys have no certificate)."""
    return {
        **environment(home, urls, site_url="http://testserver", email_url="memorymail://"),
        "CONN_MAX_AGE": "0",  # threads of a test leave no connection behind
        "LOG_LEVEL": "WARNING",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright keeps an event loop in the thread of the test
    }


test_environment.__test__ = False  # type: ignore[attr-defined]  # the name is no test's


def own_databases(urls: Mapping[str, str], worker: str) -> dict[str, str]:
    """BROKER_URL and CACHE_URL for a worker "gw0", "gw1"…, or for the only process (""): a database each."""
    number = int(worker.removeprefix("gw") or 0)
    return {
        "BROKER_URL": numbered(urls["BROKER_URL"], 2 * number),
        "CACHE_URL": numbered(urls["CACHE_URL"], 2 * number + 1),
    }


def numbered(url: str, number: int) -> str:
    """The address of database `number` of a Valkey server; other kinds of server stay as they are."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{number}")) if parts.scheme.startswith("redis") else url
