"""`Stripe-Signature`, as docs.stripe.com/webhooks#verify-manually describes it."""

import hashlib
import hmac
import time


def signed(body: bytes, secret: str, *, age: int = 0) -> str:
    """The header for a body sent now, or `age` seconds ago: by the real clock, which the receiver compares with."""
    at = int(time.time()) - age
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"
