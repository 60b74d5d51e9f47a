"""`Idempotency-Key`: a request that is sent twice is done once. docs.stripe.com/api/idempotent_requests."""

from dataclasses import dataclass
from threading import Lock

from dev.fakestripe.clock import Clock
from dev.fakestripe.refusals import Json, RefusalError

KEPT = 24 * 3600  # seconds
LONGEST = 255


@dataclass
class Entry:
    """The request a key was first used with, and its answer once there is one."""

    fingerprint: tuple[str, str, str]
    at: int
    status: int = 0
    body: Json | None = None


class Keys:
    def __init__(self, clock: Clock) -> None:
        self._clock, self._lock, self._entries = clock, Lock(), dict[str, Entry]()

    def begin(self, key: str, fingerprint: tuple[str, str, str]) -> Entry | None:
        """The earlier answer to the same request, or None: then end with `keep` or `forget`.

        Raises RefusalError: 400 for a key of another request, 409 while the first one is under way.
        """
        if len(key) > LONGEST:
            raise RefusalError(f"Idempotency keys are up to {LONGEST} characters long.", kind="idempotency_error")
        with self._lock:
            entry = self._entries.get(key)
            if entry is None or entry.at + KEPT <= self._clock.now():
                self._entries[key] = Entry(fingerprint, self._clock.now())
                return None
        if entry.fingerprint != fingerprint:
            raise RefusalError(
                "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                f"Try using a key other than '{key}' if you meant to execute a different request.",
                kind="idempotency_error",
            )  # fmt: skip
        if entry.body is None:
            raise RefusalError(
                f"There is currently another in-progress request using this Idempotent Key: {key}.",
                code="idempotency_key_in_use", kind="idempotency_error", status=409,
            )  # fmt: skip
        return entry

    def answered(self) -> dict[str, Entry]:
        """The requests that have their answer, by key."""
        with self._lock:
            return {key: entry for key, entry in self._entries.items() if entry.body is not None}

    def restore(self, entries: dict[str, Entry]) -> None:
        """What `answered` gave."""
        with self._lock:
            self._entries.update(entries)

    def keep(self, key: str, status: int, body: Json) -> None:
        with self._lock:
            entry = self._entries[key]
            entry.status, entry.body = status, body

    def forget(self, key: str) -> None:
        """The request was not begun, so that it may be tried again."""
        with self._lock:
            self._entries.pop(key, None)
