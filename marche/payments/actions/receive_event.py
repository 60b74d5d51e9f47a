"""An event of Stripe is written down, once, and handed over."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from marche.outbox.actions.queue import enqueue_task
from marche.payments.models import StripeEvent
from marche.payments.snapshots import EventSnapshot


def receive_event(till_name: str, *, seen: EventSnapshot) -> bool:
    """Keep the keys of an event; False, and nothing changes, when it was received before."""
    values = {
        "till": till_name, "kind": seen.kind, "subject": seen.subject, "related": seen.related,
        "order_number": seen.order_number, "account": seen.account, "happened_at": seen.happened_at,
    }  # fmt: skip
    with transaction.atomic(durable=True):
        event, is_new = StripeEvent.objects.get_or_create(event_id=seen.event_id, defaults=values)
        if is_new:
            transaction.on_commit(partial(enqueue_task, "marche.payments.tasks.handle_event", event.pk))
    return is_new
