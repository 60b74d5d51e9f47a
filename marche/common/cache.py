"""A cache that may be lost at any moment: when it does not answer, it holds nothing."""

from __future__ import annotations

import logging
import time
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

REST_SECONDS = 5  # how long a server that did not answer is left alone: signing in asks it some twenty times
_resting_until: dict[tuple[str, ...], float] = {}


class ForgivingCache(RedisCache):
    """Valkey, or nothing. What asks it for leave is allowed: limits of attempts are open while it is down (0011)."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._ask(super().get, key, default, version, instead=default)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._ask(super().set, key, value, timeout, version, instead=None)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._ask(super().add, key, value, timeout, version, instead=True))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._ask(super().delete, key, version, instead=False))

    def _ask(self, ask: Any, *args: Any, instead: Any) -> Any:
        """What the server answers; `instead` when it does not."""
        server = tuple(self._servers)  # type: ignore[attr-defined]
        if time.monotonic() < _resting_until.get(server, 0):
            return instead
        try:
            return ask(*args)
        except (RedisError, OSError) as error:
            _resting_until[server] = time.monotonic() + REST_SECONDS
            logger.warning("the cache does not answer (%s): nothing kept, no attempt counted", type(error).__name__)
            return instead
