"""A manager has a producer's summary that failed sent again: to the address that the producer has now."""

from __future__ import annotations

from django.db import transaction

from marche.outbox.actions.retry import retry
from marche.outbox.models import Message
from orders.models import Summary
from orders.steps.revise_summaries import queue_summaries


def send_summary_again(message_id: int) -> str | None:
    """Send the summary of a failed message again, and return where to; None, and nothing changes, if it has not failed.

    Where the producer's address was corrected since, a message to the new one takes its place; the failed one stays as
    it was. Raises Message.DoesNotExist.
    """
    message = Message.objects.get(pk=message_id)
    summary = Summary.objects.select_related("producer").get(pk=message.subject_id)
    if summary.producer.email == message.recipient:
        return message.recipient if retry(message.pk) else None
    if message.state != Message.State.FAILED:
        return None
    corrected = Message.objects.about(message.kind, [summary.pk]).filter(recipient=summary.producer.email).first()
    if corrected:
        return corrected.recipient if retry(corrected.pk) else None
    with transaction.atomic(durable=True):
        queue_summaries([summary])
    return summary.producer.email
