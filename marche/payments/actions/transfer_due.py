"""In the evening of a market day what was handed over is transferred to its producers."""

from __future__ import annotations

import logging

from django.db import transaction
from django.utils import timezone

from marche.payments.actions.reconcile import reconcile
from marche.payments.adjust import enqueue_all
from marche.payments.hold import is_on_hold
from marche.payments.ledger import out_of_balance
from marche.payments.locks import lock_attempts
from marche.payments.models import Account, PaymentAttempt, Share
from marche.payments.refusals import StripeError
from marche.payments.transfer_or_reverse import transfer_shares

logger = logging.getLogger(__name__)


def transfer_due(till: str) -> int:
    """Write the transfers that are owed by a till, market days that are not over left out. Returns how many.

    None while the books are on hold after a restore. One transaction for each producer, its debts included, so that one
    does not wait for another; one that fails does not keep the others unpaid.
    """
    if is_on_hold():
        return 0
    _learn_fees(till)
    accounts = {account.producer_id: account for account in Account.objects.payable(till)}
    shares = Share.objects.filter(
        attempt__till=till,
        attempt__state=PaymentAttempt.State.CAPTURED,
        attempt__order__pickup__day__ends_at__lte=timezone.now(),
        producer__in=accounts,
    )
    by_producer: dict[int, set[int]] = {}
    for balance in out_of_balance(shares):
        by_producer.setdefault(balance.share.producer_id, set()).add(balance.share.attempt_id)
    written = 0
    for producer_id, attempts in sorted(by_producer.items()):
        try:
            written += _transfer(attempts, accounts[producer_id])
        except Exception:
            logger.exception("what producer %s is owed could not be written", producer_id)
    return written


def _transfer(attempts: set[int], account: Account) -> int:
    """Write what one producer is owed; how many instructions that makes."""
    with transaction.atomic(durable=True):
        made = transfer_shares(lock_attempts(attempts), {account.producer_id: account})
        enqueue_all(made)
    return len(made)


def _learn_fees(till: str) -> None:
    """Ask again for fees that Stripe had not booked when the money was captured: without them no share is known."""
    unknown = PaymentAttempt.objects.filter(till=till, state=PaymentAttempt.State.CAPTURED, fee_cents=None)
    for pk in unknown.values_list("pk", flat=True):
        try:
            reconcile(pk)
        except StripeError as error:
            logger.warning("attempt %s: Stripe gave no answer: %s", pk, error)
            return
