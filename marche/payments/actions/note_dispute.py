"""A resident contests a payment with its bank, or the bank has decided: transfers of the order wait or go on."""

from __future__ import annotations

import logging

from django.db import transaction
from django.utils import timezone

from marche.payments.gateway import Gateway
from marche.payments.locks import lock_payment
from marche.payments.models import Dispute, PaymentAttempt
from marche.payments.payable import payable

logger = logging.getLogger(__name__)


def note_dispute(dispute_id: str, *, till: str) -> Dispute | None:
    """Write a dispute as Stripe describes it now, and tell the market's managers when it is new or decided.

    None when it is about no payment of ours. Raises StripeError when Stripe gives no answer.
    """
    seen = Gateway.of(till).see_dispute(dispute_id)
    attempt_id = PaymentAttempt.objects.filter(till=till, intent_id=seen.intent_id).values_list("pk", flat=True).first()
    if not seen.intent_id or attempt_id is None:
        logger.error("dispute %s is about no payment of ours", dispute_id)
        return None
    with transaction.atomic(durable=True):
        order, attempt = lock_payment(attempt_id)
        before = Dispute.objects.filter(stripe_id=seen.stripe_id).first()
        closed_at = (before and before.closed_at) or (timezone.now() if seen.is_closed else None)
        dispute, is_new = Dispute.objects.update_or_create(
            stripe_id=seen.stripe_id,
            defaults={
                "attempt": attempt, "cents": seen.cents, "reason": seen.reason[:60], "status": seen.status,
                "opened_at": seen.opened_at, "closed_at": closed_at,
            },
        )  # fmt: skip
        if is_new or (seen.is_closed and before and before.closed_at is None):
            payable().tell_dispute(order, dispute)
    return dispute
