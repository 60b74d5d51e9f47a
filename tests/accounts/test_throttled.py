"""When to come back is said in the time of the place."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import RequestFactory

from marche.accounts.views.throttled import too_many_requests
from tests import cast
from tests.pages import words


@pytest.mark.parametrize(
    ("hour", "minute", "named"),
    [(23, 50, True), (0, 50, False), (14, 0, False)],
    ids=["past midnight", "after it", "by day"],
)
def test_the_day_is_named_when_it_is_another_one_in_paris(
    rf: RequestFactory, hour: int, minute: int, named: bool
) -> None:
    now = dt.datetime(2026, 11, 24, hour, minute, tzinfo=cast.PARIS)
    with time_machine.travel(now, tick=False):
        page = words(too_many_requests(rf.get("/"), until=now + dt.timedelta(minutes=40)))

    assert ("novembre" in page) is named
