"""A small browser: cookies, forms, redirects and a stopwatch, on the standard library."""

from __future__ import annotations

import http.client
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from ipaddress import IPv4Address
from itertools import count
from urllib.parse import urlencode, urljoin, urlsplit

from dev.rehearsal.pages import Form, Page

PATIENCE_SECONDS = 60
_FIRST_ADDRESS = IPv4Address("10.0.0.0")
HTML, JSON = "text/html,application/xhtml+xml,*/*;q=0.8", "application/json"


class SiteError(Exception):
    """The site answered something that it never should."""


class Stopped(Exception):  # noqa: N818  (nothing is wrong)
    """The rehearsal is being ended."""


class Stopwatch:
    """Seconds that each request took, by step."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, list[float]] = defaultdict(list)
        self._lock = threading.Lock()

    def note(self, step: str, seconds: float) -> None:
        with self._lock:
            self.seconds[step].append(seconds)

    @property
    def count(self) -> int:
        return sum(len(seconds) for seconds in self.seconds.values())


class Browser:
    """One person's, with an IP address of its own. `stop` ends it before its next request."""

    _numbers = count(1)

    def __init__(self, site: str, stopwatch: Stopwatch, stop: threading.Event) -> None:
        self.site, self.stopwatch, self.stop = site, stopwatch, stop
        self.host = urlsplit(site).netloc
        self.cookies: dict[str, str] = {}
        self.address = str(_FIRST_ADDRESS + next(self._numbers))
        self.here = "/"

    def get(self, path: str, step: str, *expected: int) -> Page:
        """Open an address. Raises SiteError unless the status is one of `expected` (default: 200)."""
        page = self._request("GET", path, step, None, HTML, expected or (200,))
        if page.status == 200:
            self.here = urlsplit(page.path).path
        return page

    def post(
        self, path: str, fields: Mapping[str, str | Sequence[str]], step: str, *expected: int, accept: str = HTML
    ) -> Page:
        """Send a form, without following where it leads. A field with several values is sent once for each."""
        return self._request("POST", path, step, urlencode(fields, doseq=True), accept, expected or (302,))

    def send(self, form: Form, step: str, *expected: int, **typed: str | Sequence[str]) -> Page:
        """Send a form of the page as it stands, with what is typed into it."""
        return self.post(urljoin(self.here, form.action), {**form.fields, **typed}, step, *expected)

    def follow(self, page: Page, step: str, *expected: int) -> Page:
        """Go where a redirect leads, through any others."""
        while page.status in (301, 302, 303):
            page = self.get(page.location, step, 302, *(expected or (200,)))
        return page

    def _request(
        self, method: str, path: str, step: str, body: str | None, accept: str, expected: tuple[int, ...]
    ) -> Page:
        if self.stop.is_set():
            raise Stopped
        started = time.perf_counter()
        try:
            page = self._exchange(method, path.partition("#")[0], body, accept)
        except (OSError, http.client.HTTPException) as error:
            raise SiteError(f"{method} {path}: no answer ({type(error).__name__})") from error
        self.stopwatch.note(step, time.perf_counter() - started)
        if page.status not in expected:
            said = "; ".join(page.sentences) or page.heading
            raise SiteError(f"{method} {path}: {page.status} instead of {expected}: {said}")
        return page

    def _exchange(self, method: str, path: str, body: str | None, accept: str) -> Page:
        with closing(http.client.HTTPConnection(self.host, timeout=PATIENCE_SECONDS)) as connection:
            connection.request(method, path, body, self._headers(method, accept))
            answer = connection.getresponse()
            content = answer.read()
        self._keep_cookies(answer.headers.get_all("Set-Cookie") or [])
        return Page(answer.status, path, content, answer.headers.get("Location", ""))

    def _headers(self, method: str, accept: str) -> dict[str, str]:
        headers = {"Accept": accept, "Referer": self.site + self.here, "X-Forwarded-For": self.address}
        if cookies := dict(self.cookies):  # a copy: a double click is two threads
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        if method == "POST":
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.site}
        return headers

    def _keep_cookies(self, headers: list[str]) -> None:
        for header in headers:
            pair, _, attributes = header.partition(";")
            name, _, value = pair.partition("=")
            if "max-age=0" in attributes.lower():
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
