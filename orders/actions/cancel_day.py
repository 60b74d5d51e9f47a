"""A market day is not held: nobody can order for it any more, its producers are told, and its orders are cancelled."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from marche.markets.locks import lock_day
from marche.markets.models import MarketDay
from marche.outbox.actions.queue import hurry, queue_many
from marche.outbox.models import Message
from orders.models import ProducerOrder
from orders.refusals import Problem, Refused
from producers.models import Producer


def cancel_day(day_id: int, *, reason: str, user_id: int | None = None) -> MarketDay:
    """Cancel a day, at any time. Its orders follow one by one, see cancel_orders_of_day.py; more than a thousand may.

    `reason` (at most 200 characters) is told to residents and producers: it names nobody. Raises Refused when the day
    is cancelled already, and MarketDay.DoesNotExist.
    """
    with transaction.atomic(durable=True):
        day = lock_day(day_id)
        if day.cancelled_at:
            raise Refused(Problem("cancelled", _("This market day is cancelled already.")))
        day.cancelled_at, day.cancel_reason = timezone.now(), reason
        day.save(update_fields=["cancelled_at", "cancel_reason"])
        concerned = ProducerOrder.objects.alive().filter(day=day).values("producer")
        queue_many(
            Message(kind="day-cancelled", subject_id=day.pk, recipient=email, language=settings.LANGUAGE_CODE)
            for email in Producer.objects.filter(pk__in=concerned).values_list("email", flat=True)
        )
        transaction.on_commit(partial(hurry, "orders.tasks.cancel_orders_of_day", day.pk, user_id))
    return day
