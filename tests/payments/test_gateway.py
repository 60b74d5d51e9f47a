"""The way to Stripe keeps nobody else waiting."""

from __future__ import annotations

import pytest
from django.db import transaction

from dev.fakestripe import FakeStripe
from marche.payments.gateway import Gateway
from tests.stripe import TILL


@pytest.mark.django_db(transaction=True)
def test_stripe_is_not_asked_inside_a_transaction(stripe: FakeStripe) -> None:
    """Its locks would be held for as long as Stripe takes to answer."""
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        Gateway.of(TILL).session_of("pi_1")

    assert Gateway.of(TILL).session_of("pi_1") == ""
