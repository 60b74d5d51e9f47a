"""The Tuesday of the races, and threads."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine

from tests import cast


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Orders for Saturday are open. It goes on by itself, for threads wait."""
    with time_machine.travel(cast.OPEN_TIME, tick=True) as traveller:
        yield traveller


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as threads:
        yield threads
