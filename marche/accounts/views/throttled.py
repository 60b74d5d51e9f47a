"""Too many attempts: when to come back."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

WAIT = dt.timedelta(minutes=5)  # no limit of ACCOUNT_RATE_LIMITS looks further back


def too_many_requests(
    request: HttpRequest, exception: Exception | None = None, *, until: dt.datetime | None = None
) -> HttpResponse:
    """429, with the aware time `until` from which it may be tried again (default: in five minutes)."""
    now = timezone.now()
    until = until or now + WAIT
    response = render(
        request,
        "429.html",
        {"until": until, "tomorrow": timezone.localdate(until) != timezone.localdate(now)},
        status=429,
    )
    response["Retry-After"] = str(max(1, int((until - now).total_seconds())))
    return response
