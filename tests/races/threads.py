"""Real threads, each with its own connection, started together."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.db import connection

from marche.common.refusals import Refused


def together(*actions: Callable[[], Any]) -> list[Any]:
    """Run all actions at once and return what each returned, or the exception that it raised, in order."""
    barrier = threading.Barrier(len(actions), timeout=30)

    def run(action: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait()
            return action()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def outcomes(results: Sequence[Any]) -> Counter[str]:
    """How many succeeded ("done"), and how many were refused, by the code of the first problem."""
    return Counter(_outcome(result) for result in results)


def _outcome(result: Any) -> str:
    if isinstance(result, Refused):
        return result.problems[0].code
    if isinstance(result, Exception):
        raise result
    return "done"


def in_thread(pool: ThreadPoolExecutor, verb: Any, *arguments: Any, **named: Any) -> Future[Any]:
    """Run a verb with a connection of its own."""

    def run() -> Any:
        try:
            return verb(*arguments, **named)
        finally:
            connection.close()

    return pool.submit(run)
