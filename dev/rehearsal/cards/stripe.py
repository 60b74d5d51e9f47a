"""The fake Stripe as the rehearsal sees it: its books, and what others than we make happen there."""

from __future__ import annotations

import json
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

PATIENCE_SECONDS = 60


class Stripe:
    """`url` without a slash. Verbs are those of dev/fakestripe/verbs.py."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._open = build_opener(ProxyHandler({})).open

    def tell(self, verb: str, **arguments: object) -> Any:
        request = Request(f"{self.url}/_fake/{verb}", data=json.dumps(arguments).encode())  # noqa: S310  (of ours)
        with self._open(request, timeout=PATIENCE_SECONDS) as answer:
            return json.load(answer)

    def state(self) -> dict[str, Any]:
        """Everything that Stripe has, but for its events."""
        state: dict[str, Any] = self.tell("state", events=False)
        return state

    def path(self, address: str) -> str:
        """Of an address at this Stripe, what comes after its host."""
        return address.removeprefix(self.url)
