"""Whether a producer can be paid is asked of Stripe, and kept."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from marche.payments.accounts import note
from marche.payments.gateway import Gateway
from marche.payments.locks import lock_account_row
from marche.payments.models import Account
from marche.payments.refusals import GONE, RefusedError


def refresh_account(account_id: int, *, patient: bool = True) -> Account:
    """The account as Stripe describes it now; `patient` is for tasks, not while somebody waits for a page.

    One that Stripe does not let us see any more has left. Raises Account.DoesNotExist, UnreachableError,
    KeyRefusedError, RefusedError or NoTillError.
    """
    account = Account.objects.get(pk=account_id)
    if not account.stripe_id:
        return account
    asked_at = timezone.now()
    try:
        seen = Gateway.of(account.till, patient=patient).see_account(account.stripe_id)
    except RefusedError as refusal:
        if refusal.code not in GONE:
            raise
        seen = None
    with transaction.atomic(durable=True):
        locked = lock_account_row(account_id)
        if locked.stripe_id != account.stripe_id:  # begun anew meanwhile
            return locked
        return note(locked, seen, asked_at)
