"""After a time in which no event arrived, Stripe is asked what happened."""

from __future__ import annotations

import datetime as dt
import logging

from django.core.cache import cache
from django.db.models import Max
from django.utils import timezone

from marche.payments.actions.receive_event import receive_event
from marche.payments.cache_keys import CAUGHT_UP, cache_key
from marche.payments.gateway import Gateway
from marche.payments.incoming import PLATFORM_EVENTS
from marche.payments.models import StripeEvent
from marche.payments.tills import Till

logger = logging.getLogger(__name__)

OVERLAP = dt.timedelta(minutes=10)  # events come a little later than they happen
FIRST_TIME = dt.timedelta(hours=24)
REMEMBERED = dt.timedelta(days=7)


def catch_up(till_name: str) -> int:
    """Write down the events of a till's platform that did not arrive by themselves, and return how many there were.

    Those of producers' accounts are left out: the accounts themselves are read again each night. Raises
    UnreachableError, KeyRefusedError, RefusedError or NoTillError.
    """
    asked_at = timezone.now()
    gateway = Gateway.of(till_name)
    found = list(gateway.events_since(_since(gateway.till, asked_at), sorted(PLATFORM_EVENTS)))
    known = set(
        StripeEvent.objects.filter(event_id__in=[seen.event_id for seen in found]).values_list("event_id", flat=True)
    )
    # The oldest first: whatever breaks this off, what is still missing is later than what is written.
    missed = [seen for seen in reversed(found) if seen.event_id not in known and receive_event(till_name, seen=seen)]
    if late := sum(seen.happened_at < asked_at - OVERLAP for seen in missed):
        logger.warning("%d events of the till %s did not arrive by themselves", late, till_name)
    cache.set(cache_key(CAUGHT_UP, gateway.till), asked_at, REMEMBERED.total_seconds())
    return len(missed)


def _since(till: Till, now: dt.datetime) -> dt.datetime:
    """Since when nobody has asked. Without the cache: since the newest event, and a day at least, for the newest may
    have arrived after others that are still missing.
    """
    asked_last: dt.datetime | None = cache.get(cache_key(CAUGHT_UP, till))
    if asked_last:
        return min(asked_last, now) - OVERLAP
    newest = StripeEvent.objects.filter(till=till.name, account="").aggregate(Max("happened_at"))["happened_at__max"]
    return min(newest - OVERLAP, now - FIRST_TIME) if newest else now - FIRST_TIME
