"""A resident who was to pay by card prefers to pay at the stalls."""

from __future__ import annotations

import logging

from django.db import transaction
from django.utils.translation import gettext as _

from marche.common.language import in_town_language
from marche.common.refusals import Problem, Refused
from marche.payments.actions.reconcile import reconcile
from marche.payments.locks import lock_live_attempt
from marche.payments.models import PaymentAttempt
from marche.payments.refusals import StripeError
from orders.locks import lock_pickup
from orders.steps.follow_payment import to_the_stalls

logger = logging.getLogger(__name__)


def pay_at_stall(pickup_id: int) -> bool:
    """Have an order that waits for its payment paid at the stalls. False when the card was accepted meanwhile.

    The wish is noted first, and comes true once Stripe says that nobody can pay by card any more. Raises Refused when
    Stripe doesn't answer (the wish stands, and comes true later) or the order is cancelled, and Pickup.DoesNotExist.
    """
    with transaction.atomic(durable=True):
        pickup = lock_pickup(pickup_id)
        if pickup.is_cancelled:
            raise Refused(Problem("cancelled", _("This order is cancelled.")))
        attempt = lock_live_attempt(pickup.pk)
        if pickup.is_pending and attempt is None:
            with in_town_language():
                to_the_stalls(pickup, _("The resident chose to pay at the stalls"))
            return True
        if not pickup.is_pending or attempt is None:
            return attempt is None
        attempt.on_expiry = PaymentAttempt.OnExpiry.STALL
        attempt.save(update_fields=["on_expiry"])
    return _close_page(attempt)


def _close_page(attempt: PaymentAttempt) -> bool:
    try:
        return reconcile(attempt.pk, patient=False, end=True).state == PaymentAttempt.State.EXPIRED
    except StripeError as error:
        logger.warning("attempt %s was not ended: %s", attempt.pk, error)
        sentence = _(
            "The payment service doesn’t answer. Your choice is noted: you will pay at the stalls, "
            "and the confirmation comes as soon as it answers."
        )
        raise Refused(Problem("stripe-down", sentence)) from error
