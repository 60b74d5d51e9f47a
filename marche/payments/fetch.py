"""Ask Stripe what has become of a payment. Network: never inside a transaction."""

from __future__ import annotations

from django.utils import timezone

from marche.payments.gateway import Gateway
from marche.payments.models import PaymentAttempt
from marche.payments.refusals import RefusedError
from marche.payments.snapshots import PaymentSnapshot


def fetch(attempt: PaymentAttempt, *, patient: bool = True, end: bool = False) -> PaymentSnapshot:
    """What Stripe says of this attempt; with `end`, after its page was closed to whoever has not paid yet.

    A page that was never opened, as far as we know, is opened with its own key first: an answer that was lost is found
    again so. When Stripe refuses that and the time is over, or with `end`, it never existed. Raises StripeError.
    """
    gateway = Gateway.of(attempt.till, patient=patient)
    session_id = attempt.session_id
    if not session_id:
        try:
            session_id = gateway.open_session(attempt.key, attempt.parameters).session_id
        except RefusedError:
            if not end and timezone.now() < attempt.expires_at:
                raise  # the resident may still pay, or choose the stalls
            return PaymentSnapshot(session_id="", session="expired")
    if end and attempt.is_waiting:
        gateway.end_session(session_id)
    return gateway.see(session_id)
