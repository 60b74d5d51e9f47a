"""What goes wrong between two computers, on demand."""

import re
from dataclasses import dataclass, field
from threading import Condition, Event

from dev.fakestripe.refusals import RefusalError


class ResetError(Exception):
    """The connection is to break without an answer."""


@dataclass
class Fault:
    """One kind of fault for the next `times` requests of this method and path (a regular expression, "" for all).

    "hang": no answer for `seconds`; "error": the answer is `status`; "reset": the connection breaks. `committed` says
    whether the request was carried out before.
    """

    kind: str
    method: str = ""
    path: str = ""
    times: int = 1
    seconds: float = 60
    status: int = 500
    committed: bool = False
    over: Event = field(default_factory=Event, repr=False)

    def hits(self, method: str, path: str, *, committed: bool) -> bool:
        here = self.committed == committed and self.times > 0
        return here and self.method in ("", method) and re.search(self.path, path) is not None


class Faults:
    """The faults that are set. `hanging` counts the requests that hang just now."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._changed = Condition()
        self.hanging = 0

    def add(self, fault: Fault) -> None:
        if fault.kind not in ("hang", "error", "reset"):
            raise RefusalError("Invalid kind: must be one of hang, error, reset", param="kind")
        with self._changed:
            self._faults.append(fault)

    def clear(self) -> None:
        """No more faults; what hangs goes on."""
        with self._changed:
            gone, self._faults = self._faults, []
        for fault in gone:
            fault.over.set()

    def meet(self, method: str, path: str, *, committed: bool) -> None:
        """Waits, or raises RefusalError or ResetError, if such a fault is due at this point of a request."""
        with self._changed:
            fault = next((one for one in self._faults if one.hits(method, path, committed=committed)), None)
            if fault is None:
                return
            fault.times -= 1
        if fault.kind == "reset":
            raise ResetError
        if fault.kind == "error":
            kind, code = ("invalid_request_error", "rate_limit") if fault.status == 429 else ("api_error", "")
            raise RefusalError("An unknown error occurred", status=fault.status, kind=kind, code=code)
        self._hang(fault)

    def _hang(self, fault: Fault) -> None:
        self._count(1)
        fault.over.wait(fault.seconds)
        self._count(-1)

    def _count(self, change: int) -> None:
        with self._changed:
            self.hanging += change
            self._changed.notify_all()

    def wait_for_hanging(self, requests: int = 1, timeout: float = 10) -> bool:
        """Blocks until so many requests hang; False after `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self.hanging >= requests, timeout)
