"""After a restore, accounts of producers that were opened since the backup are adopted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from marche.payments.accounts import note
from marche.payments.gateway import Gateway
from marche.payments.locks import lock_account_row
from marche.payments.models import Account
from marche.payments.models.attempts import new_key
from marche.payments.refusals import GONE, RefusedError
from marche.payments.snapshots import AccountSnapshot
from producers.models import Producer


@dataclass
class AdoptedAccounts:
    """`unknown`: of no producer that we know, or of one who has another account."""

    accounts: list[AccountSnapshot] = field(default_factory=list)
    unknown: list[AccountSnapshot] = field(default_factory=list)


def adopt_accounts(till_name: str, *, since: dt.datetime, dry_run: bool = False) -> AdoptedAccounts:
    """Give producers the accounts that they opened at this till since the aware time `since`, as our books forgot.

    Whose they are stands in the metadata with which they were made. One that our books know stays, unless it has left
    meanwhile. Doing it again adopts nothing more. Raises StripeError when Stripe gives no answer.
    """
    gateway, asked_at, adopted = Gateway.of(till_name), timezone.now(), AdoptedAccounts()
    for seen in gateway.accounts_since(since):
        if Account.objects.filter(stripe_id=seen.stripe_id).exists():
            continue
        producer = Producer.objects.filter(slug=seen.producer).first()
        known = Account.objects.filter(producer=producer, till=till_name).first()
        if producer is None or (known and _is_there(gateway, known)):
            adopted.unknown.append(seen)
            continue
        adopted.accounts.append(seen)
        if not dry_run:
            _write(producer, till_name, seen, asked_at)
    return adopted


def _is_there(gateway: Gateway, account: Account) -> bool:
    """Whether the account that our books name can be used at Stripe."""
    if not account.stripe_id:
        return False
    try:
        gateway.see_account(account.stripe_id)
    except RefusedError as refusal:
        if refusal.code not in GONE:
            raise
        return False
    return True


def _write(producer: Producer, till_name: str, seen: AccountSnapshot, asked_at: dt.datetime) -> None:
    with transaction.atomic(durable=True):
        row, _made = Account.objects.get_or_create(producer=producer, till=till_name, defaults={"key": new_key()})
        note(lock_account_row(row.pk), seen, asked_at)
