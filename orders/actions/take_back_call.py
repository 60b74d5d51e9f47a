"""A manager takes back that somebody was called, noted by mistake."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from orders.locks import lock_calls
from orders.models import Call


def take_back_call(day_id: int, *, keys: Collection[str]) -> int:
    """Make the calls about these facts of a day, by their keys, calls to make again. Returns how many there were."""
    with transaction.atomic(durable=True):
        done = [call for call in lock_calls(day_id, set(keys)) if call.called_at]
        for call in done:
            call.called_at = call.called_by = None
        Call.objects.bulk_update(done, ["called_at", "called_by"])
    return len(done)
