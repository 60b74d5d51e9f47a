"""The command that a town runs with its own test keys; here with the fake, and somebody who pays at once."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from dev.fakestripe import FakeStripe
from marche.payments import sandbox
from marche.payments.gateway import Gateway
from tests.stripe import TILL, deliver

pytestmark = pytest.mark.django_db


def walk(stripe: FakeStripe, account: str = "") -> list[sandbox.Step]:
    """Every step, with somebody who pays each page that is shown, and whose events arrive."""

    def pay() -> None:
        for session in stripe.state()["sessions"]:
            if session["status"] == "open":
                stripe.pay(session["id"])
        deliver(stripe)

    return list(sandbox.Sandbox(Gateway.of(TILL), account, lambda _text: None, pay).steps())


def account(stripe: FakeStripe) -> str:
    made = stripe.client().v1.accounts.create({"country": "FR", "capabilities": {"transfers": {"requested": True}}})
    stripe.activate(made.id)
    return str(made.id)


def check(*arguments: str) -> None:
    call_command("stripe_sandbox_check", TILL, *arguments, stdout=io.StringIO())


def test_every_step_matches(stripe: FakeStripe) -> None:
    steps = walk(stripe, account(stripe))

    assert [step.title for step in steps if not step.matches] == []
    assert len(steps) == 24


def test_without_an_account_transfers_are_not_tried(stripe: FakeStripe) -> None:
    walk(stripe)

    assert stripe.state()["transfers"] == []


def test_events_that_never_came_are_a_step_that_differs(stripe: FakeStripe) -> None:
    def pay() -> None:
        stripe.pay(stripe.state()["sessions"][-1]["id"])

    steps = list(sandbox.Sandbox(Gateway.of(TILL), "", lambda _text: None, pay).steps())

    assert [step.title for step in steps if not step.matches] == ["The webhook brought them here"]


def test_a_live_key_is_refused(stripe: FakeStripe, settings: Settings) -> None:
    settings.STRIPE_API = "https://api.stripe.com"
    settings.STRIPE_SECRET_KEYS = {TILL: "sk_live_x"}

    with pytest.raises(CommandError, match="live keys"):
        check()


def test_a_till_without_a_key_is_named(stripe: FakeStripe, settings: Settings) -> None:
    settings.STRIPE_SECRET_KEYS = {}

    with pytest.raises(CommandError, match=TILL):
        check()


def test_a_key_that_stripe_does_not_know_is_said(stripe: FakeStripe) -> None:
    stripe.fault("error", status=401)

    with pytest.raises(CommandError, match="Stripe refused"):
        check()
