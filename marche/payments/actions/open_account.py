"""A producer gets the account with which it is paid, at the Stripe platform of one till."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from marche.payments.accounts import note
from marche.payments.gateway import Gateway
from marche.payments.locks import lock_account_row
from marche.payments.models import Account
from marche.payments.models.accounts import COUNTRY
from marche.payments.models.attempts import new_key
from marche.payments.refusals import RefusedError
from marche.payments.snapshots import AccountSnapshot
from producers.models import Producer


def open_account(producer_id: int, *, till_name: str) -> Account:
    """The producer's account at this till, made if there is none, and begun anew if it was disconnected.

    Run again after a failure it finds what it made before: the key is kept before Stripe is asked.
    Raises UnreachableError, KeyRefusedError, RefusedError or NoTillError.
    """
    gateway = Gateway.of(till_name, patient=False)
    account = _begin(producer_id, till_name)
    if account.stripe_id:
        return account
    asked_at = timezone.now()
    seen = _made(gateway, account)
    with transaction.atomic(durable=True):
        return note(lock_account_row(account.pk), seen, asked_at)


def _begin(producer_id: int, till_name: str) -> Account:
    """The row, with the key of an account that is to be made unless it names one."""
    with transaction.atomic(durable=True):
        defaults = {"key": new_key(), "country": COUNTRY}
        row, _made_now = Account.objects.get_or_create(producer_id=producer_id, till=till_name, defaults=defaults)
        account = lock_account_row(row.pk)
        if account.left_at:
            _forget(account)
        return account


def _made(gateway: Gateway, account: Account) -> AccountSnapshot:
    """Stripe's answer. With another e-mail address than at an earlier try, which got none, the key must be another."""
    try:
        return gateway.create_account(account.key, _parameters(account.producer))
    except RefusedError as refusal:
        if refusal.code != "idempotency_error":
            raise
    with transaction.atomic(durable=True):
        fresh = lock_account_row(account.pk)
        if not fresh.stripe_id and fresh.key == account.key:
            _forget(fresh)
    return gateway.create_account(fresh.key, _parameters(account.producer))


def _forget(account: Account) -> None:
    """Another account will be made in its place."""
    account.key, account.stripe_id, account.country, account.transfers = new_key(), "", COUNTRY, "inactive"
    account.details_submitted, account.due, account.disabled_reason = False, [], ""
    account.checked_at = account.left_at = None
    names = ["key", "stripe_id", "country", "transfers", "details_submitted", "due", "disabled_reason"]
    account.save(update_fields=[*names, "checked_at", "left_at"])


def _parameters(producer: Producer) -> dict[str, Any]:
    """An Express account that takes transfers only: https://docs.stripe.com/connect/separate-charges-and-transfers.

    The platform answers for losses and pays the fees, since it is the platform that charges the residents.
    """
    return {
        "country": COUNTRY,
        "email": producer.email,
        "metadata": {"producer": producer.slug},
        "capabilities": {"transfers": {"requested": True}},
        "controller": {
            "losses": {"payments": "application"},
            "fees": {"payer": "application"},
            "stripe_dashboard": {"type": "express"},
            "requirement_collection": "stripe",
        },
        "settings": {"payouts": {"schedule": {"interval": "weekly", "weekly_anchor": "monday"}}},
    }
