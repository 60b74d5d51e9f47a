"""What may be forgotten about a till, kept in the cache."""

from __future__ import annotations

import hashlib

from django.conf import settings

from marche.payments.tills import Till

KEY_STATE = "key-state"  # what Stripe said of the key
CAUGHT_UP = "caught-up"  # until when events were asked for


def cache_key(what: str, till: Till) -> str:
    """The name in the cache: another one with another key, which may be another account's."""
    digest = hashlib.sha256(f"{settings.STRIPE_API} {till.name} {till.key}".encode()).hexdigest()
    return f"payments:{what}:{digest[:32]}"
