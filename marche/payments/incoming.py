"""What Stripe posts to our webhooks, looked at before it is believed. https://docs.stripe.com/webhooks#verify-events."""

from __future__ import annotations

import json

import stripe
from django.conf import settings

from marche.payments.snapshots import EventSnapshot
from marche.payments.tills import Till

TOLERANCE_SECONDS = 300
MOST_BYTES = 1_000_000

PLATFORM_EVENTS = frozenset({
    "checkout.session.completed", "checkout.session.expired", "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed", "payment_intent.amount_capturable_updated", "payment_intent.succeeded",
    "payment_intent.payment_failed", "payment_intent.canceled", "charge.captured", "refund.created", "refund.updated",
    "refund.failed", "charge.dispute.created", "charge.dispute.closed", "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated", "transfer.created", "transfer.updated", "transfer.reversed",
})  # fmt: skip
CONNECT_EVENTS = frozenset({"account.updated", "account.application.deauthorized", "payout.paid", "payout.failed"})


class RefusedEventError(Exception):
    """It is not, or not surely, an event of this till. The message is for the log and names nobody."""


def read_event(till: Till, body: bytes, signature: str, *, connect: bool) -> EventSnapshot:
    """The event in the body of a request to a till's webhook, or to the one about producers' accounts.

    Raises RefusedEventError unless it is signed with a secret of this webhook, the new one or the old one, within the
    last five minutes, and comes from the mode and the version of the API that this program speaks.
    """
    if len(body) > MOST_BYTES:
        raise RefusedEventError("longer than an event ever is")
    _check_signature(till.connect_secrets if connect else till.secrets, body, signature)
    try:
        seen = EventSnapshot.of(json.loads(body))
    except (AttributeError, LookupError, OverflowError, TypeError, ValueError) as error:
        raise RefusedEventError("well signed, but not an event as JSON") from error
    if seen.livemode != till.is_live:
        raise RefusedEventError(f"livemode is {seen.livemode}, unlike the key of the till")
    if seen.api_version != settings.STRIPE_API_VERSION:
        raise RefusedEventError(f"api_version is {seen.api_version[:40]!r} and must be {settings.STRIPE_API_VERSION!r}")
    return seen


def is_known(seen: EventSnapshot, *, connect: bool) -> bool:
    """Whether we have anything to do with an event of this type at this webhook."""
    return seen.kind in (CONNECT_EVENTS if connect else PLATFORM_EVENTS) and bool(seen.account) == connect


def _check_signature(secrets: tuple[str, ...], body: bytes, signature: str) -> None:
    if not secrets:
        raise RefusedEventError("the settings hold no secret for it")
    if not signature:
        raise RefusedEventError("no signature")
    refusals = {_refusal(secret, body, signature) for secret in secrets}
    if "" not in refusals:
        raise RefusedEventError("signed too long ago" if "old" in refusals else "wrong signature")


def _refusal(secret: str, body: bytes, signature: str) -> str:
    """Empty when the body was signed with this secret just now; "old" if before, else "wrong"."""
    try:
        stripe.WebhookSignature.verify_header(body, signature, secret, TOLERANCE_SECONDS)
    except stripe.SignatureVerificationError as error:
        return "old" if "tolerance" in str(error) else "wrong"
    except (TypeError, ValueError):  # what is no text at all
        return "wrong"
    return ""
