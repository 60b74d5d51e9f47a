"""What somebody refunded in Stripe's dashboard is written into our books."""

from __future__ import annotations

from django.db import transaction

from marche.payments.capture_or_refund import book_refund
from marche.payments.gateway import Gateway
from marche.payments.locks import lock_payment
from marche.payments.models import Instruction, PaymentAttempt
from marche.payments.payable import payable


def book_refunds(attempt_id: int, *, patient: bool = True) -> int:
    """Book each refund of a payment that was not asked for here, once, and tell the resident. Returns how many.

    What was refused for it before is given up, and what is owed now is worked out afresh. Raises StripeError.
    """
    attempt = PaymentAttempt.objects.get(pk=attempt_id)
    seen = Gateway.of(attempt.till, patient=patient).refunds_by_hand(attempt.intent_id) if attempt.intent_id else []
    with transaction.atomic(durable=True):
        order, attempt = lock_payment(attempt_id)
        refunds = attempt.instructions.filter(kind=Instruction.Kind.REFUND)
        known = set(refunds.values_list("stripe_id", flat=True))
        booked = [book_refund(attempt, refund_id, cents) for refund_id, cents in seen if refund_id not in known]
        if booked:
            refunds.filter(state=Instruction.State.REFUSED).update(state=Instruction.State.DROPPED)
            payable().follow(order, attempt)
        for refund in booked:
            payable().tell_refund(order, refund)
    return len(booked)
