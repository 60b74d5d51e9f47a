"""What is wrong with a till is said in words, to the manager."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.utils import timezone, translation
from pytest_django import Settings

from dev.fakestripe import FakeStripe
from marche.markets.models import Market
from marche.payments.health import till_problem
from marche.payments.models import StripeEvent
from producers.models import Producer
from tests import cast
from tests.payments import rows
from tests.stripe import TILL

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _words_of_the_source() -> Iterator[None]:
    with translation.override("en"):
        yield


def asked(stripe: FakeStripe) -> int:
    """How often the key was tried: the fault is left over by those that were not."""
    return 100 - sum(fault.times for fault in stripe.faults._faults)


def test_a_till_with_good_keys_has_no_problem(stripe: FakeStripe, market: Market) -> None:
    assert till_problem(market) == ""


def test_a_market_that_takes_no_cards_has_no_problem(market: Market) -> None:
    market.till = ""

    assert till_problem(market) == ""


def test_a_till_without_a_key_is_named(market: Market) -> None:
    assert till_problem(market) == "No key stands in the settings for the till “beauvais”."


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("STRIPE_SECRET_KEYS", {TILL: "pk_test_public"}, "is not a secret key of Stripe"),
        ("STRIPE_SECRET_KEYS", {TILL: "sk_live_real"}, "answers only on this machine, and with test keys"),
        ("STRIPE_WEBHOOK_SECRETS", {}, "has no secret for its webhook."),
        ("STRIPE_CONNECT_SECRETS", {}, "has no secret for its webhook about producers’ accounts"),
    ],
)
def test_what_is_wrong_in_the_settings_is_said(
    stripe: FakeStripe, market: Market, settings: Settings, name: str, value: dict[str, str], said: str
) -> None:
    setattr(settings, name, value)

    assert said in till_problem(market)


def test_a_key_that_stripe_refuses_is_said_and_asked_about_once(
    stripe: FakeStripe, market: Market, caplog: pytest.LogCaptureFixture
) -> None:
    stripe.fault("error", path="balance", status=401, times=100)

    assert till_problem(market) == "Stripe refuses the key of the till “beauvais”."
    assert till_problem(market) != ""
    assert asked(stripe) == 1
    assert "Stripe refuses the key of a till" in caplog.text


def test_another_key_is_asked_about_at_once(stripe: FakeStripe, market: Market, settings: Settings) -> None:
    stripe.fault("error", path="balance", status=401)
    till_problem(market)
    settings.STRIPE_SECRET_KEYS = {TILL: "sk_test_another"}

    assert till_problem(market) == ""


def test_a_stripe_that_does_not_answer_is_said(stripe: FakeStripe, market: Market) -> None:
    stripe.fault("error", path="balance", times=9)

    assert till_problem(market) == "Stripe does not answer just now."


def test_payments_without_any_event_are_a_webhook_that_does_not_reach_us(
    stripe: FakeStripe, market: Market, farm: Producer, clock: time_machine.Traveller
) -> None:
    rows.payment(cast.placed_order({cast.listing(cast.carrots(farm), cast.saturday(market)): 2}))
    assert till_problem(market) == ""  # its events may be on their way
    clock.shift(2 * HOUR)

    assert "Stripe has sent no event for a week" in till_problem(market)

    StripeEvent.objects.create(till=TILL, event_id="evt_1", kind="charge.captured", happened_at=timezone.now())
    assert till_problem(market) == ""
    clock.shift(8 * 24 * HOUR)
    assert till_problem(market) == ""  # nobody has paid this week
