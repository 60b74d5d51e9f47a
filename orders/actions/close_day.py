"""Close a market day: every producer with something to bring gets its summary."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from marche.common.language import in_town_language
from marche.markets.locks import lock_day
from marche.markets.models import MarketDay
from orders.models import Summary
from orders.steps.revise_summaries import queue_summaries
from orders.steps.revisions import next_summaries


def close_day(day_id: int) -> bool:
    """Make and queue the summaries of a day past its cutoff. False when there is nothing to close (any more).

    Whoever places or cancels an order holds the same row last and looks at the same clock, so that nothing slips in
    between. Running it twice, or at once, gives the same. Raises MarketDay.DoesNotExist.
    """
    with transaction.atomic(durable=True):
        day = lock_day(day_id)
        if not _is_due(day):
            return False
        queue_summaries(Summary.objects.bulk_create(final_summaries(day)))
        day.closed_at = timezone.now()
        day.save(update_fields=["closed_at"])
    return True


def final_summaries(day: MarketDay) -> list[Summary]:
    """Unsaved, for each producer with at least one live line. A fixed number of queries, however many there are.

    Of a day that was closed before and opened again, everybody who has a summary gets a new revision, also when it
    says that nothing has changed: the producer was told that the one it holds is not the last.
    """
    with in_town_language():
        reason = _("Orders were open again") if day.summaries.exists() else ""
    return next_summaries(day, None, reason=reason, anyway=True)


def _is_due(day: MarketDay) -> bool:
    return day.closed_at is None and day.cancelled_at is None and day.closes_at <= timezone.now()
