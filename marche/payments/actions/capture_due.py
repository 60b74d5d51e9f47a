"""Payments that can wait no longer are taken as far as they are known; see deadlines.py for when that is."""

from __future__ import annotations

import logging

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from marche.common.language import in_town_language
from marche.payments.hold import is_held
from marche.payments.models import Instruction, PaymentAttempt
from marche.payments.settle import UNDECIDED
from orders.deadlines import BEFORE_IT_ENDS, correction_time
from orders.locks import lock_pickup
from orders.steps.settle import settle_order

logger = logging.getLogger(__name__)


def settle_due() -> int:
    """Write the captures of authorised payments whose time has come. Returns how many orders were looked at."""
    if is_held():  # after a restore what was taken meanwhile is not known yet
        return 0
    now = timezone.now()
    asked = Instruction.objects.filter(kind__in=["void", "capture"], state__in=UNDECIDED)
    due = PaymentAttempt.objects.filter(state=PaymentAttempt.State.AUTHORISED).filter(
        Q(order__pickup__day__ends_at__lte=now - correction_time()) | Q(capture_before__lte=now + BEFORE_IT_ENDS)
    )
    orders = list(due.exclude(pk__in=asked.values("attempt")).values_list("order", flat=True))
    for order_id in orders:
        try:
            with transaction.atomic(durable=True), in_town_language():
                settle_order(lock_pickup(order_id), _("Less was due than had been taken"))
        except Exception:
            logger.exception("the payment of order %s could not be settled", order_id)
    return len(orders)
