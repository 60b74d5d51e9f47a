"""The fake Stripe as the till "beauvais" of the settings. `from tests.stripe import stripe` in a conftest.py."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from dev.fakestripe import API_KEY, SECRET, FakeStripe
from marche.payments.cache_keys import CAUGHT_UP, KEY_STATE, cache_key
from marche.payments.tills import Till

TILL = "beauvais"
CONNECT_SECRET = "whsec_connect"


@pytest.fixture
def stripe(settings: Settings) -> Iterator[FakeStripe]:
    """Events wait until the test takes them: `fake.take()`, or `deliver(fake)`."""
    with FakeStripe(connect_secret=CONNECT_SECRET) as fake:
        settings.STRIPE_API = fake.url
        settings.STRIPE_SECRET_KEYS = {TILL: API_KEY}
        settings.STRIPE_WEBHOOK_SECRETS = {TILL: SECRET}
        settings.STRIPE_CONNECT_SECRETS = {TILL: CONNECT_SECRET}
        settings.STRIPE_PAGES = [fake.url]
        policy = deepcopy(settings.CONTENT_SECURITY_POLICY)
        policy["DIRECTIVES"]["form-action"].append(fake.url)
        settings.CONTENT_SECURITY_POLICY = policy
        for what in (CAUGHT_UP, KEY_STATE):  # an earlier test may have had the same port
            cache.delete(cache_key(what, Till(TILL, API_KEY)))
        yield fake


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
