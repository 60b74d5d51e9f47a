"""The load client: as little as can be between the clock and the server, and every answer is looked at."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

from dev.rehearsal.client import SiteError

T = TypeVar("T")
PATIENCE_SECONDS = 60
CHUNK = 1 << 18


@dataclass(frozen=True)
class Call:
    """A request, and how its answer is known to be right: its status, and `marker` exactly `times` in its body."""

    path: str
    marker: bytes = b""
    times: int = 1
    cookies: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None  # a POST
    accept: str = "text/html"
    status: int = 200

    def raw(self, site: str) -> bytes:
        """As it goes over the wire. No compression is asked for, and each request has its own connection: gunicorn's
        sync workers close it, as they do behind the proxy."""
        headers = [f"Host: {urlsplit(site).netloc}", f"Accept: {self.accept}", "Connection: close"]
        if self.cookies:
            headers.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        body = urlencode(self.form).encode() if self.form is not None else b""
        if self.form is not None:
            headers += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
            headers += [f"Origin: {site}", f"Referer: {site}/"]
        method = "GET" if self.form is None else "POST"
        return "\r\n".join([f"{method} {self.path} HTTP/1.1", *headers, "", ""]).encode() + body

    def check(self, answer: bytes) -> int:
        """The bytes of the body. Raises SiteError for an answer that is not the right one."""
        head, _blank, body = answer.partition(b"\r\n\r\n")
        status = head[9:12].decode(errors="replace")
        if status != str(self.status):
            raise SiteError(f"{self.path}: {status or 'nothing'} instead of {self.status}")
        if self.marker and (found := body.count(self.marker)) != self.times:
            raise SiteError(f"{self.path}: {self.marker!r} {found} times instead of {self.times}")
        return len(body)


def exchange(site: str, raw: bytes) -> bytes:
    """Send, and read until the server closes."""
    port = urlsplit(site).port
    with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as connection:
        connection.sendall(raw)
        parts = []
        while part := connection.recv(CHUNK):
            parts.append(part)
    return b"".join(parts)


@dataclass(frozen=True)
class Volley:
    """What a load brought: seconds of each request, seconds in all, bytes of one body, processor used by the client."""

    latencies: list[float]
    seconds: float
    size: int
    client_cpu: float


def volley(site: str, calls: Sequence[Call], seconds: float, *, least: int = 1) -> Volley:
    """Send each of `calls` again and again, in a thread of its own, for so long and at least `least` times."""

    def send_again(call: Call) -> tuple[list[float], int]:
        raw, size = call.raw(site), 0
        latencies: list[float] = []
        while time.perf_counter() < until or len(latencies) < least:
            began = time.perf_counter()
            answer = exchange(site, raw)
            latencies.append(time.perf_counter() - began)
            size = call.check(answer)
        return latencies, size

    started, cpu = time.perf_counter(), time.process_time()
    until = started + seconds
    results = at_once([lambda call=call: send_again(call) for call in calls])  # type: ignore[misc]
    taken, used = time.perf_counter() - started, time.process_time() - cpu
    return Volley([one for latencies, _size in results for one in latencies], taken, results[0][1], used)


def at_once(jobs: Sequence[Callable[[], T]]) -> list[T]:
    """Run them side by side, and give what they return; the first error is raised when all have ended."""
    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result() for future in [pool.submit(job) for job in jobs]]
