"""What the fake Stripe knows: its objects, in memory, behind one lock."""

import json
import re
import secrets
from collections.abc import Callable, Iterator
from copy import deepcopy
from heapq import heappop, heappush
from pathlib import Path
from threading import RLock
from typing import Any

import stripe

from dev.fakestripe.clock import Clock
from dev.fakestripe.refusals import Json, RefusalError, missing

EUROS = "eur"
SMALLEST_PAYMENT = 50  # cents, docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
PREFIXES = {
    "checkout.session": "cs_test",
    "payment_intent": "pi",
    "charge": "ch",
    "balance_transaction": "txn",
    "refund": "re",
    "transfer": "tr",
    "transfer_reversal": "trr",
    "account": "acct",
    "dispute": "dp",
    "payout": "po",
    "event": "evt",
}


class Books:
    """Rows by kind and id, in the order of their making. Take `lock` around whatever reads or writes more than one.

    `listener` is told of each event. `released_is_refunded` counts the part of an authorisation that was released as
    refunded on its charge, as old versions of the API did: nobody should depend on it either way.
    """

    def __init__(self, folder: Path | None = None, *, released_is_refunded: bool = False) -> None:
        self.lock = RLock()
        self.clock = Clock()
        self.rows: dict[str, dict[str, Json]] = {kind: {} for kind in PREFIXES}
        self.plans: dict[str, Json] = {}  # by session: what its PaymentIntent is to become, and what the page shows
        self._alarms: list[tuple[int, str, str]] = []
        self.departed: set[str] = set()  # accounts that disconnected from the platform
        self.origin = ""  # where our own pages are, without a slash
        self.listener: Callable[[Json], None] = lambda _event: None
        self.cause: Json = {"id": None, "idempotency_key": None}
        self.released_is_refunded = released_is_refunded
        self._log = folder / "requests.jsonl" if folder else None
        if folder:
            folder.mkdir(parents=True, exist_ok=True)

    def add(self, kind: str, resource: type[stripe.StripeObject] | None = None, **fields: Any) -> Json:
        """A new row: the resource's optional fields null, as Stripe sends them, then its id, times and `fields`."""
        name = new_id(PREFIXES[kind])
        row = {**nulls(resource), "id": name, "object": kind, "created": self.clock.now(), **fields}
        self.rows[kind][name] = row
        return row

    def get(self, kind: str, name: str, param: str = "id", *, status: int = 404) -> Json:
        """Raises RefusalError of this status."""
        if name not in self.rows[kind]:
            raise missing(kind, name, param, status)
        return self.rows[kind][name]

    def named(self, kind: str, body: Json, param: str) -> Json:
        """The row that a parameter names. Raises RefusalError (400)."""
        return self.get(kind, body[param], param, status=400)

    def where(self, kind: str, **fields: Any) -> list[Json]:
        """The rows that have these values, oldest first."""
        rows = self.rows[kind].values()
        return [row for row in rows if all(row.get(key) == value for key, value in fields.items())]

    def alarm(self, at: int, row: Json) -> None:
        """Something becomes of this row at that time, see `due`."""
        heappush(self._alarms, (at, row["object"], row["id"]))

    def due(self) -> Iterator[Json]:
        """The rows whose time has come, each once, the earliest first."""
        while self._alarms and self._alarms[0][0] <= self.clock.now():
            _, kind, name = heappop(self._alarms)
            yield self.rows[kind][name]

    def emit(self, kind: str, row: Json, *, account: str | None = None, previous: Json | None = None) -> Json:
        """An event with a snapshot of the row; `account` when it happened at a connected account."""
        data: Json = {"object": deepcopy(row)}
        if previous:
            data["previous_attributes"] = deepcopy(previous)
        fields: Json = {"account": account} if account else {}
        event = self.add(
            "event", api_version=stripe.api_version, livemode=False, type=kind, data=data, pending_webhooks=1,
            request=dict(self.cause), **fields,
        )  # fmt: skip
        self.listener(event)
        return event

    def snapshot(self) -> Json:
        """All that there is, as JSON; call it with the lock held."""
        return {
            "rows": self.rows, "plans": self.plans, "alarms": self._alarms, "departed": sorted(self.departed),
            "ahead": self.clock.ahead,
        }  # fmt: skip

    def restore(self, kept: Json) -> None:
        """What `snapshot` gave, before anything else is done."""
        self.rows, self.plans, self.departed = kept["rows"], kept["plans"], set(kept["departed"])
        self._alarms = [(at, kind, name) for at, kind, name in kept["alarms"]]
        self.clock.ahead = kept["ahead"]

    def log_request(self, method: str, path: str, body: Json) -> None:
        """One line of JSON in DIR/requests.jsonl, whatever is answered."""
        if self._log:
            with self.lock, self._log.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"method": method, "path": path, "body": body}, ensure_ascii=False) + "\n")


def new_id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(12)}"


def nulls(resource: type[stripe.StripeObject] | None) -> Json:
    """Every nullable field of a resource as null: the SDK raises AttributeError on a field that did not come."""
    annotations = getattr(resource, "__annotations__", {})
    return {name: None for name, kind in annotations.items() if type(None) in getattr(kind, "__args__", ())}


def metadata(body: Json, existing: Json | None = None) -> Json:
    """What a request makes of metadata: an empty value unsets its key, an empty text all. Raises RefusalError (400)."""
    given = body.get("metadata", {})
    if given == "":
        return {}
    kept = {key: value for key, value in {**(existing or {}), **given}.items() if value != ""}
    if len(kept) > 50:
        raise RefusalError("You can only specify up to 50 metadata keys.", param="metadata")
    for key, value in kept.items():
        if len(key) > 40 or len(value) > 500:
            message = "Metadata keys can be up to 40 characters long and values up to 500 characters."
            raise RefusalError(message, param=f"metadata[{key}]")
    return kept


def email(value: str | None, param: str) -> str | None:
    """Raises RefusalError (400, email_invalid)."""
    if value is not None and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        raise RefusalError(f"Invalid email address: {value}", code="email_invalid", param=param)
    return value
