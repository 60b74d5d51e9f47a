"""What runs by itself for payments: till by till, so that one without a good key does not stop the others."""

from __future__ import annotations

import logging
from collections.abc import Callable

from celery import shared_task
from django.conf import settings

from marche.payments.actions.catch_up import catch_up
from marche.payments.actions.refresh_accounts import refresh_accounts
from marche.payments.refusals import StripeError

logger = logging.getLogger(__name__)


@shared_task
def catch_up_all() -> None:
    """Write down the events that did not arrive."""
    _each_till("catching up with events", catch_up)


@shared_task
def refresh_all_accounts() -> None:
    """Read all producers' accounts again."""
    _each_till("reading the accounts", refresh_accounts)


def _each_till(what: str, do: Callable[[str], int]) -> None:
    for till in settings.STRIPE_SECRET_KEYS:
        try:
            do(till)
        except StripeError as error:  # Stripe's own words stay out of the log: they may hold an address or a key
            logger.error("%s of the till %s: %s %s", what, till, type(error).__name__, error)
        except Exception:
            logger.exception("%s of the till %s", what, till)
