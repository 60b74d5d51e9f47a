"""What runs by itself for orders. Each task goes by the state of the tables, so that nothing late is missed."""

import logging

from celery import shared_task
from django.conf import settings

from marche.markets.models import MarketDay
from marche.payments.hold import is_held
from marche.payments.models import StripeEvent
from marche.payments.refusals import StripeError, UnreachableError
from orders.actions import cancel_orders_of_day as cancelling
from orders.actions import carry_out as instructions
from orders.actions import compare_with_oscar as oscar
from orders.actions import expire_payments as payments
from orders.actions import forget_drafts as drafts
from orders.actions import handle_event as events
from orders.actions import pay_producers as producers
from orders.actions import replay_erasures as erasures
from orders.actions import settle_due as settling
from orders.actions.close_day import close_day
from orders.actions.compare_with_stripe import compare_with_stripe
from orders.models import Pickup

logger = logging.getLogger(__name__)
MOST = 200  # events in one sweep
MOST_TRIES = 1000  # of one event; what it spoke of is asked about at night, too


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
def carry_out(instruction_id: int) -> None:
    """Ask one thing of Stripe, if it is still due."""
    instructions.carry_out(only=instruction_id)


@shared_task
def sweep_payments() -> None:
    """All that is due about payments: pages that expire, captures whose time has come, instructions, events.

    In a database that was restored nothing but this: whoever was erased since the backup is erased again.
    """
    if is_held():
        logger.error("the books of payments are held: run manage.py after_restore (docs/operations.md, Restore)")
        erasures.replay_erasures()
        return
    payments.expire_payments()
    settling.settle_due()
    instructions.carry_out()
    left = StripeEvent.objects.filter(handled_at=None, tries__lt=MOST_TRIES).order_by("tries", "received_at")
    for pk in left.values_list("pk", flat=True)[:MOST]:
        if not _handle(pk):
            break  # Stripe is silent: to wait for each would keep a worker from all else


@shared_task
def handle_event(event_id: int) -> None:
    """Look at what an event of Stripe speaks of. One that fails stays to be handled by the sweep."""
    _handle(event_id)


def _handle(event_id: int) -> bool:
    """False when Stripe did not answer."""
    try:
        events.handle_event(event_id)
    except StripeError as error:
        logger.warning("event %s could not be handled: %s", event_id, error)
        return not isinstance(error, UnreachableError)
    except Exception:
        logger.exception("event %s could not be handled", event_id)
    return True


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
def pay_producers() -> None:
    """Transfer what is owed for market days that are over, each till by itself."""
    for till in settings.STRIPE_SECRET_KEYS:
        try:
            producers.pay_producers(till)
        except Exception:
            logger.exception("the producers of the till %s could not be paid", till)


@shared_task
def compare_tills() -> None:
    """Compare the books of each till with Stripe's. One that can't be reached does not keep the others waiting."""
    for till in settings.STRIPE_SECRET_KEYS:
        try:
            compare_with_stripe(till)
        except StripeError as error:
            logger.warning("the till %s could not be compared with Stripe: %s", till, error)
        except Exception:
            logger.exception("the till %s could not be compared with Stripe", till)


@shared_task
def compare_with_oscar() -> None:
    """Compare Oscar's tables with ours. What differs is logged and kept."""
    oscar.compare_with_oscar()
