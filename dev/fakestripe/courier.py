"""Brings events to the webhook from a thread of its own: again until it is taken, and as badly as one asks for."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Thread

from dev.fakestripe.clock import Clock
from dev.fakestripe.endpoint import Endpoint
from dev.fakestripe.refusals import Json

RETRIES = (5, 60, 600, 3600, 6 * 3600, 12 * 3600, 24 * 3600, 24 * 3600)  # seconds by the fake's clock, then given up
LOOK = 1.0  # seconds at most between two looks at the clock


@dataclass
class Delivery:
    event: Json
    due: float
    attempt: int = 0


@dataclass
class Rule:
    """For the next `times` events of a type ("" for any): "drop" or "duplicate"."""

    kind: str
    type: str
    times: int


class Courier:
    """`log` has a line for each attempt: the event's id and type, and the status that came back (0: none)."""

    def __init__(self, clock: Clock, endpoint: Endpoint, on_look: Callable[[], None]) -> None:
        self._clock, self._endpoint, self._on_look = clock, endpoint, on_look
        self._changed = Condition()
        self._queue: list[Delivery] = []
        self._under_way = 0
        self._rules: list[Rule] = []
        self._lag = 0.0
        self._held = self._stopped = False
        self.log: list[Json] = []
        self._thread = Thread(target=self._run, name="fakestripe-courier", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        self._thread.join(timeout=15)

    def accept(self, event: Json) -> None:
        """An event has happened: it is queued if the endpoint asked for its type."""
        if not self._endpoint.wants(event):
            return
        with self._changed:
            copies = {"drop": 0, "duplicate": 2}.get(self._rule_for(event["type"]), 1)
            self._queue += [Delivery(event, self._clock.exact() + self._lag) for _ in range(copies)]
            self._changed.notify_all()

    def _rule_for(self, kind: str) -> str:
        rule = next((one for one in self._rules if one.times > 0 and one.type in ("", kind)), None)
        if rule is None:
            return ""
        rule.times -= 1
        return rule.kind

    def rule(self, kind: str, event_type: str, times: int) -> None:
        with self._changed:
            self._rules.append(Rule(kind, event_type, times))

    def delay(self, seconds: float) -> None:
        """Events from now on wait so long, by the fake's clock; 0 ends it."""
        with self._changed:
            self._lag = seconds

    def hold(self) -> None:
        with self._changed:
            self._held = True

    def release(self, *, reverse: bool = False) -> None:
        """What was held goes on its way, the latest first if `reverse`."""
        with self._changed:
            self._held = False
            if reverse:
                self._queue.reverse()
            self._changed.notify_all()

    def look(self) -> None:
        """The clock was moved."""
        with self._changed:
            self._changed.notify_all()

    def take(self) -> list[tuple[bytes, dict[str, str]]]:
        """What waits, signed now and due or not, for who posts it themselves; it counts as delivered."""
        with self._changed:
            waiting, self._queue = self._queue, []
            self._changed.notify_all()
        for delivery in waiting:
            delivery.event["pending_webhooks"] = 0
        return [self._endpoint.written(delivery.event) for delivery in waiting]

    def waiting(self) -> list[str]:
        """The types of what is queued, in order."""
        with self._changed:
            return [delivery.event["type"] for delivery in self._queue]

    def settle(self, timeout: float = 10) -> bool:
        """Blocks until nothing is due or under way; False after `timeout` seconds. What is held is not due."""
        with self._changed:
            return self._changed.wait_for(lambda: self._next() is None and not self._under_way, timeout)

    def _next(self) -> Delivery | None:
        if self._held or not self._endpoint.reachable:
            return None
        now = self._clock.exact()
        return next((delivery for delivery in self._queue if delivery.due <= now), None)

    def _run(self) -> None:
        while True:
            self._on_look()
            with self._changed:
                if not self._stopped and self._next() is None:
                    self._changed.wait(LOOK)
                if self._stopped:
                    return
                delivery = self._next()
                if delivery is None:
                    continue
                self._queue.remove(delivery)
                self._under_way += 1
            status = self._endpoint.send(delivery.event)
            with self._changed:
                self._under_way -= 1
                self._note(delivery, status)
                self._changed.notify_all()

    def _note(self, delivery: Delivery, status: int) -> None:
        event = delivery.event
        self.log.append({"event": event["id"], "type": event["type"], "status": status})
        if 200 <= status < 300:
            event["pending_webhooks"] = 0
        elif delivery.attempt < len(RETRIES):
            due = self._clock.exact() + RETRIES[delivery.attempt]
            self._queue.append(Delivery(event, due, delivery.attempt + 1))
