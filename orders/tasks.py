"""What runs by itself for orders. Each task goes by the state of the tables, so that nothing late is missed."""

import logging

from celery import shared_task

from marche.markets.models import MarketDay
from marche.payments.hold import is_held
from orders.actions import cancel_orders_of_day as cancelling
from orders.actions import compare_with_oscar as oscar
from orders.actions import forget_drafts as drafts
from orders.actions import replay_erasures as erasures
from orders.actions.cancel_unpaid import cancel_unpaid
from orders.actions.close_day import close_day
from orders.models import Pickup

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


@shared_task
def cancel_orders_of_day(day_id: int, user_id: int | None = None) -> None:
    """Cancel the orders of a day that is not held."""
    cancelling.cancel_orders_of_day(day_id, user_id)


@shared_task
def cancel_due_orders() -> None:
    """The same for all days of which some are left, whatever became of the task above."""
    for pk in Pickup.objects.to_cancel().order_by().values_list("day", flat=True).distinct():
        cancelling.cancel_orders_of_day(pk)


@shared_task
def cancel_unpaid_orders() -> None:
    """Cancel the orders that nobody can pay any more, and that Stripe knows nothing of."""
    cancel_unpaid()


@shared_task
def replay_erasures() -> None:
    """In a database that was restored, until `after_restore`: erase again whoever was erased since the backup."""
    if is_held():
        erasures.replay_erasures()


@shared_task
def compare_with_oscar() -> None:
    """Compare Oscar's tables with ours. What differs is logged and kept."""
    oscar.compare_with_oscar()
