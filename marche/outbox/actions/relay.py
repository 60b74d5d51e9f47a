"""Send what is due: claim a row, render and send it with no transaction open, mark it.

Killing a process at any point loses nothing. Before the claim commits, nothing has happened; after it, the row is due
again when its lease ends. Only between the mail server's "250" and the mark may a mail go twice; both copies then
carry the same Message-ID. Rows are claimed one at a time, so that a killed worker delays one mail and workers share
what is due; the claim costs little beside the sending.
"""

from __future__ import annotations

import logging
import time
import traceback
from datetime import timedelta

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import transaction
from django.utils import timezone

from marche.outbox import failures
from marche.outbox.failures import BACKOFF, MAX_ATTEMPTS, Failure
from marche.outbox.models import Message
from marche.outbox.postbox import Postbox, ServerError
from marche.outbox.rendering import render

logger = logging.getLogger(__name__)

RUN_SECONDS = 240  # well inside the time limit of a task, at which Celery would kill us in the middle of a mail


def relay(*, only: int | None = None) -> int:
    """Send all that is due, or only the message of this primary key if it is. Returns how many were sent.

    Ends early when the mail server takes nothing, or after some minutes: the next sweep goes on.
    """
    sent, stop_at = 0, time.monotonic() + RUN_SECONDS
    with Postbox() as postbox:
        while time.monotonic() < stop_at and (message := claim(only)):
            try:
                failure = _send(message, postbox)
            except ServerError as error:
                _settle(message, failures.unsendable(error.cause))
                logger.warning("the mail server takes nothing: %s", error)
                break
            _settle(message, failure)
            sent += failure is None
    return sent


def claim(only: int | None = None) -> Message | None:
    """Take the row that has been due longest and that nobody else holds, for as long as a lease.

    The next worker's claim counts as another attempt, so that a message that kills workers is given up in the end.
    """
    with transaction.atomic(durable=True):
        due = Message.objects.due().filter(**({"pk": only} if only else {}))
        message = due.select_for_update(skip_locked=True, no_key=True).first()
        if message:
            message.attempts += 1
            message.due_at = timezone.now() + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
            message.save(update_fields=["attempts", "due_at"])
    return message


def _send(message: Message, postbox: Postbox) -> Failure | None:
    """Why it failed, or None. Raises ServerError; a database that is gone comes through, and the lease ends."""
    if message.attempts > MAX_ATTEMPTS:
        return failures.gave_up()
    try:
        mail = render(message)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001  (a message that can't be written must not keep the others)
        # An exception's own words may repeat what somebody wrote: only its kind and place go to the log.
        place = traceback.extract_tb(error.__traceback__)[-1]
        logger.error(
            "message %s could not be written: %s at %s:%s",
            message.pk, type(error).__name__, place.filename, place.lineno,
        )  # fmt: skip
        return failures.unwritable(error)
    try:
        return None if postbox.send(mail) else failures.no_address()
    except ServerError:
        raise
    except Exception as error:  # noqa: BLE001  (whatever it is, the next message must go)
        logger.warning("message %s was not sent: %s", message.pk, type(error).__name__)
        return failures.unsendable(error)


def _settle(message: Message, failure: Failure | None) -> None:
    """Mark the row, unless another worker has taken it over meanwhile: then what that one does counts."""
    now = timezone.now()
    ours = Message.objects.filter(pk=message.pk, state=Message.State.WAITING, attempts=message.attempts)
    if failure is None:
        ours.update(state=Message.State.SENT, sent_at=now, error="")
    elif failure.permanent or message.attempts >= MAX_ATTEMPTS:
        ours.update(state=Message.State.FAILED, error=failure.reason)
    else:
        ours.update(due_at=now + BACKOFF[message.attempts - 1], error=failure.reason)
