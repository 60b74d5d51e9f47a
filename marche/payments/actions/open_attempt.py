"""An order is to be paid by card: the attempt is written with all that will be asked of Stripe."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from marche.payments.models import PaymentAttempt, Share


def open_attempt(
    order_id: int, *, till: str, shares: Mapping[int, int], parameters: dict[str, Any], expires_at: dt.datetime
) -> PaymentAttempt:
    """Write an attempt and its shares (cents at most, by producer) in the transaction of the order. Two statements.

    `parameters` are those of https://docs.stripe.com/api/checkout/sessions/create. Raises IntegrityError when an
    attempt of this order is live already.
    """
    attempt = PaymentAttempt.objects.create(
        order_id=order_id, till=till, parameters=parameters, amount_cents=sum(shares.values()), expires_at=expires_at
    )
    Share.objects.bulk_create(
        Share(attempt=attempt, producer_id=producer, authorised_cents=cents, due_cents=cents)
        for producer, cents in shares.items()
    )
    return attempt
