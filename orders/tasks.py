"""What runs by itself for orders. Each task goes by the state of the tables, so that nothing late is missed.

A task is named like the verb that it calls.
"""

import logging

from celery import shared_task
from django.contrib.auth.models import User

from marche.common.actors import Actor
from marche.markets.models import MarketDay
from marche.payments.hold import is_on_hold
from orders.actions.cancel_orders_of_day import cancel_orders_of_day as cancel_orders_of_day_verb
from orders.actions.cancel_unpaid import cancel_unpaid
from orders.actions.close_day import close_day
from orders.actions.compare_with_oscar import compare_with_oscar as compare_with_oscar_verb
from orders.actions.forget_drafts import forget_drafts as forget_drafts_verb
from orders.actions.replay_erasures import replay_erasures as replay_erasures_verb
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
    forget_drafts_verb()


@shared_task
def cancel_orders_of_day(day_id: int, user_id: int | None = None) -> None:
    """Cancel the orders of a day that is not held."""
    user = User.objects.filter(pk=user_id or 0).first()
    cancel_orders_of_day_verb(day_id, by=Actor.manager(user))


@shared_task
def cancel_due_orders() -> None:
    """The same for all days of which some are left, whatever became of the task above."""
    for pk in Pickup.objects.to_cancel().order_by().values_list("day", flat=True).distinct():
        cancel_orders_of_day_verb(pk, by=Actor.manager())


@shared_task
def cancel_unpaid_orders() -> None:
    """Cancel the orders that nobody can pay any more, and that Stripe knows nothing of."""
    cancel_unpaid()


@shared_task
def replay_erasures() -> None:
    """In a database that was restored, until `after_restore`: erase again whoever was erased since the backup."""
    if is_on_hold():
        replay_erasures_verb()


@shared_task
def compare_with_oscar() -> None:
    """Compare Oscar's tables with ours. What differs is logged and kept."""
    compare_with_oscar_verb()
