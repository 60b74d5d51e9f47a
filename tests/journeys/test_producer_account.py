"""A producer goes to Stripe and comes back, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dev.fakestripe import FakeStripe
from marche.markets.models import Market
from marche.payments.models import Account
from marche.payments.models.accounts import AccountState
from producers.models import Producer
from tests.journeys.city import City
from tests.stripe import TILL

pytestmark = pytest.mark.journey

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def farm(beauvais: City) -> Producer:
    Market.objects.update(till=TILL)
    return Producer.objects.get(slug="ferme-du-ru")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_producer_opens_its_account(
    beauvais: City, farm: Producer, stripe: FakeStripe, visit: Callable[..., Page], scripts: bool, settings: Any
) -> None:
    page = visit(PHONE, java_script_enabled=scripts)
    beauvais.sign_in(page, farm.partner.users.get())
    page.locator(f"nav a[href='/producteur/{farm.slug}/paiements/']").click()
    page.locator("main form button").click()
    page.wait_for_url(re.compile(re.escape(stripe.url)))
    page.locator("#submit").click()  # answered, not checked yet
    page.wait_for_url(re.compile(re.escape(beauvais.url)))

    expect(page.locator("main form")).to_have_count(0)
    assert Account.objects.get().state is AccountState.IN_REVIEW


def test_a_producer_who_has_had_enough_comes_back_another_day(
    beauvais: City, farm: Producer, stripe: FakeStripe, visit: Callable[..., Page]
) -> None:
    page = visit(PHONE)
    beauvais.sign_in(page, farm.partner.users.get())
    page.goto(f"{beauvais.url}/producteur/{farm.slug}/paiements/")
    page.locator("main form button").click()
    link = page.url
    page.locator("#leave").click()
    page.wait_for_url(re.compile(re.escape(beauvais.url)))
    page.goto(link)  # it has served: Stripe asks us for another one
    page.locator("#finish").click()
    page.wait_for_url(re.compile(re.escape(beauvais.url)))

    assert Account.objects.get().can_be_paid
    assert len(stripe.state()["accounts"]) == 1
