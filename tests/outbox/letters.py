"""Messages to Léa and Odette, written and due."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from marche.outbox.actions.queue import queue
from marche.outbox.models import Message

LEA = "lea@example.org"
ODETTE = "odette@example.org"


def write(recipient: str = LEA, **changes: object) -> Message:
    """A letter in the outbox."""
    values = {"kind": "letter", "subject_id": 1} | changes
    with transaction.atomic():
        return queue(recipient=recipient, **values)  # type: ignore[arg-type]


def only_message() -> Message:
    return Message.objects.get()


def make_due() -> None:
    Message.objects.update(due_at=timezone.now())
