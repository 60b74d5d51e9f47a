"""The fake Stripe as the till "beauvais" of the settings. The fixture `stripe` is in tests/conftest.py."""

from __future__ import annotations

import json

from django.test import Client
from django.urls import reverse

from dev.fakestripe import FakeStripe

TILL = "beauvais"
CONNECT_SECRET = "whsec_connect"


def post(body: bytes, headers: dict[str, str]) -> int:
    """Bring one event, as `take` gives it, to the webhook that is meant for it; the status of the answer."""
    name = "stripe-connect-webhook" if "account" in json.loads(body) else "stripe-webhook"
    answer = Client().post(
        reverse(name, args=[TILL]), body, content_type="application/json", headers={
            "Stripe-Signature": headers["Stripe-Signature"]
        },
    )  # fmt: skip
    return answer.status_code


def deliver(fake: FakeStripe) -> list[int]:
    """Bring all events that wait to the webhooks, in order; the statuses of the answers."""
    return [post(body, headers) for body, headers in fake.take()]
