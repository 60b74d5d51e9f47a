"""What runs by itself for payments: till by till, so that one without a good key does not stop the others."""

from __future__ import annotations

import logging
from collections.abc import Callable

from celery import shared_task
from django.conf import settings

from marche.payments.actions.capture_due import capture_due
from marche.payments.actions.carry_out import carry_out as carry_out_verb
from marche.payments.actions.catch_up import catch_up
from marche.payments.actions.compare_with_stripe import compare_with_stripe
from marche.payments.actions.expire_payments import expire_payments
from marche.payments.actions.handle_event import handle_event as handle_event_verb
from marche.payments.actions.refresh_accounts import refresh_accounts
from marche.payments.actions.transfer_due import transfer_due as transfer_due_verb
from marche.payments.hold import is_on_hold
from marche.payments.models import StripeEvent
from marche.payments.refusals import StripeError, UnreachableError

logger = logging.getLogger(__name__)
MOST_EVENTS = 200  # events in one sweep
MOST_TRIES = 1000  # of one event; what it spoke of is asked about at night, too


@shared_task
def sweep() -> None:
    """All that is due about payments: pages that expire, captures whose time has come, instructions, events."""
    if is_on_hold():
        logger.error("the books of payments are on hold: run manage.py after_restore (docs/operations.md, Restore)")
        return
    expire_payments()
    capture_due()
    carry_out_verb()
    left = StripeEvent.objects.filter(handled_at=None, tries__lt=MOST_TRIES).order_by("tries", "received_at")
    for pk in left.values_list("pk", flat=True)[:MOST_EVENTS]:
        if not _handle(pk):
            break  # Stripe is silent: to wait for each would keep a worker from all else


@shared_task
def carry_out(instruction_id: int) -> None:
    """Ask one thing of Stripe, if it is still due."""
    carry_out_verb(only=instruction_id)


@shared_task
def handle_event(event_id: int) -> None:
    """Look at what an event of Stripe speaks of. One that fails stays to be handled by the sweep."""
    _handle(event_id)


def _handle(event_id: int) -> bool:
    """False when Stripe did not answer."""
    try:
        handle_event_verb(event_id)
    except StripeError as error:
        logger.warning("event %s could not be handled: %s", event_id, error)
        return not isinstance(error, UnreachableError)
    except Exception:
        logger.exception("event %s could not be handled", event_id)
    return True


@shared_task
def transfer_due() -> None:
    """Transfer what is owed for market days that are over."""
    _each_till("transferring to producers", transfer_due_verb)


@shared_task
def compare_all_tills() -> None:
    """Compare our books with Stripe's."""
    _each_till("comparing the books", compare_with_stripe)


@shared_task
def catch_up_all() -> None:
    """Write down the events that did not arrive."""
    _each_till("catching up with events", catch_up)


@shared_task
def refresh_all_accounts() -> None:
    """Read all producers' accounts again."""
    _each_till("reading the accounts", refresh_accounts)


def _each_till(what: str, do: Callable[[str], object]) -> None:
    for till in settings.STRIPE_SECRET_KEYS:
        try:
            do(till)
        except StripeError as error:  # Stripe's own words stay out of the log: they may hold an address or a key
            logger.error("%s of the till %s: %s %s", what, till, type(error).__name__, error)
        except Exception:
            logger.exception("%s of the till %s", what, till)
