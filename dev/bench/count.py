"""`python -m dev.bench.count`: how many queries each page and a whole order ask, with whichever settings it runs.

Nothing is put into the site for it: Django's test client asks in this process, and the connection counts. The first
request of a page, with an empty cache, is counted apart from the second. What Django asks to find out whether an old
connection still lives is not among them.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

import django

from dev.bench.journeys import journey_of
from dev.rehearsal.client import Browser, Stopwatch
from dev.rehearsal.pages import Page


def main() -> None:
    django.setup()
    said = json.load(sys.stdin)
    pages = {name: _count_page(*call) for name, call in said["pages"].items()}
    go = journey_of(said["journey"])
    go(InProcess(), 0)
    json.dump({"pages": pages, "order": counted(lambda: go(InProcess(), 1))}, sys.stdout)


def _count_page(path: str, cookies: Mapping[str, str]) -> tuple[int, int]:
    """With an empty cache, and with a full one."""
    from django.core.cache import cache

    cache.clear()
    browser = InProcess()
    browser.cookies = dict(cookies)
    return counted(lambda: browser.get(path, "page")), counted(lambda: browser.get(path, "page"))


def counted(job: Callable[[], object]) -> int:
    """The queries of the default database that a job asks."""
    from django.db import connection

    seen = 0

    def note(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal seen
        seen += 1
        return execute(*arguments)

    connection.ensure_connection()  # Django asks a new one for the types that it knows
    with connection.execute_wrapper(note):
        job()
    return seen


class InProcess(Browser):
    """A browser whose requests go to Django's test client."""

    def __init__(self) -> None:
        from django.test import Client

        super().__init__("http://127.0.0.1", Stopwatch(), threading.Event())
        self.client = Client()

    def _exchange(self, method: str, path: str, body: str | None, accept: str) -> Page:
        headers = self._headers(method, accept)
        kind, cookies = headers.pop("Content-Type", "text/html"), headers.pop("Cookie", "")
        answer = self.client.generic(
            method, path, body or "", kind, headers=headers, HTTP_COOKIE=cookies, HTTP_HOST=self.host
        )
        self._keep_cookies([morsel.OutputString() for morsel in answer.cookies.values()])
        return Page(answer.status_code, path, answer.content, answer.headers.get("Location", ""))


if __name__ == "__main__":
    main()
