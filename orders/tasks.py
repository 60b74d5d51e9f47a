"""What runs by itself for orders. Each task goes by the state of the tables, so that nothing late is missed."""

import logging

from celery import shared_task

from marche.markets.models import MarketDay
from orders.actions import forget_drafts as drafts
from orders.actions.close_day import close_day

logger = logging.getLogger(__name__)


@shared_task
def close_due_days() -> None:
    """Close every day past its cutoff. One that can't be closed does not keep the others open."""
    for pk in MarketDay.objects.due_to_close().values_list("pk", flat=True):
        try:
            close_day(pk)
        except Exception:
            logger.exception("day %s could not be closed", pk)


@shared_task
def forget_drafts() -> None:
    """Delete old baskets that became no order."""
    drafts.forget_drafts()
