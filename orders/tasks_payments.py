"""What runs by itself for payments at night."""

import logging

from celery import shared_task
from django.conf import settings

from marche.payments.refusals import StripeError
from orders.actions.compare_with_stripe import compare_with_stripe

logger = logging.getLogger(__name__)


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
