"""An administrator reads what Stripe was asked and said, and changes none of it."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from marche.markets.models import Market
from marche.payments.models import Comparison, StripeEvent
from producers.models import Producer
from tests import cast
from tests.payments import rows
from tests.producers.people import signed_in
from tests.stripe import TILL

pytestmark = pytest.mark.django_db

MODELS = [model for model in admin.site._registry if model._meta.app_label == "payments"]


@pytest.fixture
def administrator() -> Client:
    return signed_in(cast.member("admin@example.org", is_staff=True, is_superuser=True))


@pytest.fixture
def _paid(market: Market, farm: Producer) -> None:
    """A row of each kind."""
    listing = cast.listing(cast.carrots(farm), cast.saturday(market))
    rows.contested(rows.captured(cast.placed_order({listing: 2})))
    rows.account(farm)
    Comparison.objects.create(till=TILL, made_at=timezone.now())
    StripeEvent.objects.create(till=TILL, event_id="evt_1", kind="charge.captured", happened_at=timezone.now())


@pytest.mark.usefixtures("_paid")
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_row_can_be_read_and_none_changed(
    administrator: Client, model: type, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    page = f"admin:payments_{model.__name__.lower()}"
    row = model.objects.first()  # type: ignore[attr-defined]
    change = reverse(f"{page}_change", args=[row.pk])

    with django_assert_max_num_queries(10):
        assert administrator.get(reverse(f"{page}_changelist")).status_code == 200
    assert administrator.get(change).status_code == 200
    assert administrator.post(change).status_code == 403
    assert administrator.post(reverse(f"{page}_delete", args=[row.pk])).status_code == 403


def test_every_table_of_money_is_there() -> None:
    names = {model.__name__ for model in MODELS}

    assert names >= {"Account", "PaymentAttempt", "Share", "Instruction", "Movement", "StripeEvent", "Dispute"}
