"""Write a message in the transaction of the fact it tells; sending it is the relay's."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import partial
from typing import Any

from celery import current_app
from celery.exceptions import OperationalError
from django.db import transaction
from django.utils import timezone
from kombu.pools import connections

from marche.outbox.models import Message

logger = logging.getLogger(__name__)

KEY = ["kind", "subject_id", "recipient", "revision"]
PATIENCE_SECONDS = 2  # a broker that is down or hangs must not hold a resident's order


def queue(kind: str, subject_id: int, recipient: str, *, revision: int = 1, language: str = "fr") -> Message:
    """Tell `recipient` about a fact, once, if the transaction commits. Queueing it again changes nothing.

    One statement. Raises RuntimeError outside a transaction.
    """
    message = Message(
        kind=kind, subject_id=subject_id, recipient=recipient, revision=revision, language=language,
        due_at=timezone.now(),
    )  # fmt: skip
    _require_transaction()
    # Writing the kind over itself is how the row that was there already gives its primary key.
    [row] = Message.objects.bulk_create([message], update_conflicts=True, unique_fields=KEY, update_fields=["kind"])
    transaction.on_commit(partial(enqueue_task, "marche.outbox.tasks.send", row.pk))
    return row


def queue_many(messages: Iterable[Message]) -> None:
    """The same for many unsaved messages: one statement, and one task that sweeps.

    Raises RuntimeError outside a transaction.
    """
    _require_transaction()
    rows, now = list(messages), timezone.now()
    for row in rows:
        row.due_at = now
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        transaction.on_commit(partial(enqueue_task, "marche.outbox.tasks.sweep"))


def enqueue_task(task: str, *args: Any) -> None:
    """Fire a task by its whole name, if the broker takes it within two seconds; else the sweep of the next minute does.

    The connection is kept for the next time (to make one costs ten times what the task costs), and replaced after an
    error. It is not the workers', which would wait as long as a worker does for its next task.
    """
    options = {"socket_connect_timeout": PATIENCE_SECONDS, "socket_timeout": PATIENCE_SECONDS}
    pool = connections[current_app.connection_for_write(transport_options=options)]
    try:
        with pool.acquire(block=True, timeout=PATIENCE_SECONDS) as broker:
            current_app.send_task(task, args, connection=broker)
    except (OperationalError, OSError) as error:
        logger.warning("the broker took no task (%s); the next sweep does it", type(error).__name__)


def _require_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A message is queued in the transaction of the fact it tells.")
