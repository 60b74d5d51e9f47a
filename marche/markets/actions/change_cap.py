"""A manager changes how many orders a market day takes at most."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import ngettext

from marche.common.refusals import Problem, Refused
from marche.markets.changes import check_takes_changes
from marche.markets.locks import lock_day
from marche.markets.models import MarketDay


def change_cap(day_id: int, *, cap: int) -> MarketDay:
    """Take at most `cap` orders on that day. Raises Refused below what is taken, or once orders are closed."""
    with transaction.atomic(durable=True):
        day = lock_day(day_id)
        check_takes_changes(day, timezone.now())
        if cap < day.orders_count:
            sentence = ngettext(
                "%(count)d order is taken already: the day can’t have fewer places than that.",
                "%(count)d orders are taken already: the day can’t have fewer places than that.",
                day.orders_count,
            )
            raise Refused(Problem("taken", sentence % {"count": day.orders_count}))
        day.order_cap = cap
        MarketDay.objects.filter(pk=day.pk).update(order_cap=cap, catalogue_version=F("catalogue_version") + 1)
    return day
