"""The fake's time: the real one, and as much later as somebody wishes."""

import time


class Clock:
    """Whole seconds since 1970 in UTC, as Stripe writes times."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def exact(self) -> float:
        return time.time() + self.ahead

    def now(self) -> int:
        return int(self.exact())
