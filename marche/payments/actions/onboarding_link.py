"""A producer is led to Stripe, which asks its questions itself: we never see the answers."""

from __future__ import annotations

from marche.payments.gateway import Gateway
from marche.payments.models import Account


def onboarding_link(account_id: int, *, refresh_url: str, return_url: str) -> str:
    """The address at Stripe, good once and for some minutes. Both of ours are whole addresses.

    Stripe sends the producer to `refresh_url` when the link is no longer good, and to `return_url` when it is done or
    has had enough. Raises UnreachableError, KeyRefusedError, RefusedError or NoTillError.
    """
    account = Account.objects.get(pk=account_id)
    gateway = Gateway.of(account.till, patient=False)
    return gateway.account_link(account.stripe_id, refresh_url=refresh_url, return_url=return_url)
