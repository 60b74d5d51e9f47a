"""A fake Stripe, its client, and a webhook that keeps what it is sent."""

from collections.abc import Iterator

import pytest
import stripe

from dev.fakestripe import FakeStripe
from tests.dev.fakestripe.shop import Webhook


@pytest.fixture
def fake() -> Iterator[FakeStripe]:
    with FakeStripe() as running:
        yield running


@pytest.fixture
def client(fake: FakeStripe) -> stripe.StripeClient:
    return fake.client()


@pytest.fixture
def webhook() -> Webhook:
    return Webhook()


@pytest.fixture
def calling(webhook: Webhook) -> Iterator[FakeStripe]:
    """A fake that calls the webhook."""
    with FakeStripe(webhook=webhook, connect_secret="whsec_connect") as running:
        yield running
