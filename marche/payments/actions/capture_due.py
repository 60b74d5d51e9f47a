"""Authorised payments whose time has come are captured; see deadlines.py for when that is."""

from __future__ import annotations

import logging

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from marche.payments.adjust import adjust_payment, less_was_due
from marche.payments.deadlines import BEFORE_IT_ENDS, correction_time
from marche.payments.hold import is_on_hold
from marche.payments.instruct import UNDECIDED
from marche.payments.models import Instruction, PaymentAttempt
from marche.payments.payable import payable

logger = logging.getLogger(__name__)


def capture_due() -> int:
    """Write the captures of authorised payments whose time has come. Returns how many orders were looked at."""
    if is_on_hold():  # after a restore what was captured meanwhile is not known yet
        return 0
    now = timezone.now()
    asked = Instruction.objects.filter(kind__in=["void", "capture"], state__in=UNDECIDED)
    due = PaymentAttempt.objects.filter(state=PaymentAttempt.State.AUTHORISED).filter(
        Q(order__pickup__day__ends_at__lte=now - correction_time()) | Q(capture_before__lte=now + BEFORE_IT_ENDS)
    )
    orders = list(due.exclude(pk__in=asked.values("attempt")).values_list("order", flat=True))
    for order_id in orders:
        try:
            with transaction.atomic(durable=True):
                adjust_payment(payable().lock(order_id), less_was_due())
        except Exception:
            logger.exception("the payment of order %s could not be captured", order_id)
    return len(orders)
