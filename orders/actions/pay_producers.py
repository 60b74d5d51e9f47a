"""In the evening of a market day the producers are paid for what was handed over."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from marche.payments.ledger import standings
from marche.payments.locks import lock_attempts
from marche.payments.models import Account, PaymentAttempt, Share
from marche.payments.pay_out import pay_shares
from orders.settling import hurry_all


def pay_producers(till: str) -> int:
    """Write the transfers that are owed by a till, market days that are not over left out. Returns how many.

    One transaction for each producer, its debts included, so that one does not wait for another.
    """
    accounts = {account.producer_id: account for account in Account.objects.payable(till)}
    shares = Share.objects.filter(
        attempt__till=till,
        attempt__state=PaymentAttempt.State.CAPTURED,
        attempt__order__pickup__day__ends_at__lte=timezone.now(),
        producer__in=accounts,
    )
    unequal: dict[int, set[int]] = {}
    for standing in standings(shares.order_by("pk")):
        if standing.owed_cents:
            unequal.setdefault(standing.share.producer_id, set()).add(standing.share.attempt_id)
    written = 0
    for producer_id, attempts in unequal.items():
        with transaction.atomic(durable=True):
            made = pay_shares(lock_attempts(attempts), {producer_id: accounts[producer_id]})
            hurry_all(made)
            written += len(made)
    return written
