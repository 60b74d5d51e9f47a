"""The demo's producers have accounts with the fake Stripe, but for two of them."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from dev.demo.accounts import PAID_AT_THE_STALL, open_accounts
from dev.demo.load import MARKET, _save_market
from dev.fakestripe import FakeStripe
from marche.markets.models import Market
from marche.payments.models import Account
from tests import cast
from tests.stripe import TILL


@pytest.fixture
def market(db: None, stripe: FakeStripe) -> Market:
    market = cast.beauvais(till=TILL)
    cast.ferme_du_ru(market)
    at_the_stall = cast.le_rucher(market)
    at_the_stall.slug = PAID_AT_THE_STALL[0]
    at_the_stall.save(update_fields=["slug"])
    return market


def test_all_but_two_can_be_paid(market: Market) -> None:
    [account] = open_accounts(market)
    assert account.can_be_paid
    assert account.producer.slug not in PAID_AT_THE_STALL


def test_nothing_is_opened_twice(market: Market, stripe: FakeStripe) -> None:
    open_accounts(market)
    open_accounts(market)
    assert len(stripe.state()["accounts"]) == Account.objects.count() == 1


def test_accounts_that_a_stripe_without_memory_forgot_are_opened_anew(market: Market, stripe: FakeStripe) -> None:
    [before] = open_accounts(market)
    stripe.books.rows["account"].clear()
    [after] = open_accounts(market)
    assert after.pk == before.pk
    assert after.stripe_id != before.stripe_id
    assert after.can_be_paid


def test_the_demo_takes_cards_where_the_settings_hold_keys_for_it(
    db: None, stripe: FakeStripe, settings: Settings
) -> None:
    assert _save_market(MARKET).till == TILL
    settings.STRIPE_SECRET_KEYS = {}
    assert _save_market(MARKET).till == ""


def test_without_a_till_there_are_no_accounts(market: Market) -> None:
    market.till = ""
    assert open_accounts(market) == []
