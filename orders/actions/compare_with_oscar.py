"""Oscar's tables are compared with ours: each night, and whenever an administrator asks."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from orders.models import OscarComparison
from orders.oscar_differences import differences_since

logger = logging.getLogger(__name__)

DAYS = 8  # of market days that are over: at the stalls something may be noted for a week
KEPT_DAYS = 60  # comparisons
MOST_LOGGED = 20  # differences


def compare_with_oscar(*, days: int = DAYS) -> OscarComparison:
    """Compare all that belongs to market days to come and those of the last `days`, and orders changed since.

    What differs is kept, and told in the log as an error and beside its day on the managers' list. Nothing is
    corrected: ours is the truth, and somebody wrote past the verbs, or a verb is wrong.
    """
    now = timezone.now()
    found = differences_since(now - dt.timedelta(days=days))
    with transaction.atomic(durable=True):
        OscarComparison.objects.filter(made_at__lt=now - dt.timedelta(days=KEPT_DAYS)).delete()
        comparison = OscarComparison.objects.create(made_at=now, differences=[asdict(one) for one in found])
    if found:
        some = "; ".join(str(one) for one in found[:MOST_LOGGED])
        logger.error("Oscar's tables differ from ours in %d places: %s", len(found), some)
    return comparison
