"""A manager has a message that failed sent again."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils import timezone

from marche.outbox.actions.queue import enqueue_task
from marche.outbox.models import Message


def retry(message_id: int) -> bool:
    """Start over with a failed message. False, and nothing changes, when it has not failed (any more)."""
    with transaction.atomic(durable=True):
        failed = Message.objects.filter(pk=message_id, state=Message.State.FAILED)
        again = failed.update(state=Message.State.WAITING, attempts=0, due_at=timezone.now(), error="")
        if again:
            transaction.on_commit(partial(enqueue_task, "marche.outbox.tasks.send", message_id))
    return bool(again)
