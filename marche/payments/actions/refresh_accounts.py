"""What Stripe says of all producers' accounts is read again, for what no event has told."""

from __future__ import annotations

import logging

from marche.payments.actions.refresh_account import refresh_account
from marche.payments.models import Account
from marche.payments.refusals import RefusedError

logger = logging.getLogger(__name__)


def refresh_accounts(till_name: str) -> int:
    """Ask about each account of a till, and return how many answered.

    Those that have left are asked too: while a wrong key stood in the settings, all looked so. Raises UnreachableError,
    KeyRefusedError or NoTillError, which would be the same for the next.
    """
    answered = 0
    for account_id in Account.objects.filter(till=till_name).exclude(stripe_id="").values_list("pk", flat=True):
        try:
            refresh_account(account_id)
        except RefusedError as refusal:
            logger.warning("account %s could not be read: %s", account_id, refusal)
        else:
            answered += 1
    return answered
