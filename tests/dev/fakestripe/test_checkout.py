"""Checkout Sessions by the SDK: made, read, expired, refused."""

from typing import Any

import pytest
import stripe

from dev.fakestripe import FakeStripe
from tests.dev.fakestripe.shop import DECLINED, authorised, opened, session_params


def test_a_session_opens_with_an_address_to_pay_at(fake: FakeStripe):
    session = opened(fake)
    assert (session.status, session.payment_status, session.amount_total) == ("open", "unpaid", 2000)
    assert session.url == f"{fake.url}/c/pay/{session.id}"
    assert session.payment_intent is None, "made at the first attempt to pay"


def test_a_paid_session_is_complete_and_its_money_held(fake: FakeStripe):
    session = opened(fake)
    fake.pay(session.id)
    found = fake.client().v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    assert isinstance(found.payment_intent, stripe.PaymentIntent)
    assert isinstance(found.payment_intent.latest_charge, stripe.Charge)
    assert (found.status, found.payment_status) == ("complete", "unpaid"), "paid only once captured"
    assert found.payment_intent.status == "requires_capture"
    assert found.payment_intent.latest_charge.captured is False


def test_what_the_payment_carries_comes_from_payment_intent_data(fake: FakeStripe):
    intent = authorised(fake)
    assert (intent.transfer_group, intent.metadata["order"]) == ("order_M-7F3K", "M-7F3K")
    assert (intent.statement_descriptor_suffix, intent.capture_method) == ("MARCHE", "manual")


def test_an_automatic_capture_takes_the_money_at_once(fake: FakeStripe):
    session = opened(fake, payment_intent_data={})
    assert fake.pay(session.id)["status"] == "succeeded"
    assert fake.client().v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_a_session_is_expired_on_request(fake: FakeStripe):
    session = opened(fake)
    assert fake.client().v1.checkout.sessions.expire(session.id).status == "expired"


def test_a_session_expired_after_a_decline_cancels_its_payment(fake: FakeStripe):
    session = opened(fake)
    intent = fake.pay(session.id, DECLINED)
    fake.client().v1.checkout.sessions.expire(session.id)
    assert fake.client().v1.payment_intents.retrieve(intent["id"]).status == "canceled"


@pytest.mark.parametrize("status", ["complete", "expired"])
def test_only_an_open_session_can_be_expired(fake: FakeStripe, status: str):
    session, sessions = opened(fake), fake.client().v1.checkout.sessions
    if status == "complete":
        fake.pay(session.id)
    else:
        sessions.expire(session.id)
    with pytest.raises(stripe.InvalidRequestError, match=f"has a status of `{status}`"):
        sessions.expire(session.id)


@pytest.mark.parametrize(("minutes", "status"), [(44, "open"), (46, "expired")])
def test_a_session_expires_when_its_time_has_come(fake: FakeStripe, minutes: int, status: str):
    session = opened(fake, expires_at=fake.books.clock.now() + 45 * 60)
    fake.advance(minutes * 60)
    assert fake.client().v1.checkout.sessions.retrieve(session.id).status == status


@pytest.mark.parametrize(
    ("changes", "param", "code"),
    [
        ({"success_url": None}, "success_url", "parameter_missing"),
        ({"mode": None}, "mode", "parameter_missing"),
        ({"line_items": None}, "line_items", "parameter_missing"),
        ({"customer_email": "ines"}, "customer_email", "email_invalid"),
        ({"mode": "subscription"}, "mode", "not_simulated"),
        ({"allow_promotion_codes": True}, "allow_promotion_codes", "not_simulated"),
        ({"payment_intent_data": {"on_behalf_of": "acct_1"}}, "payment_intent_data.on_behalf_of", "not_simulated"),
        ({"metadata": {"order": "x" * 501}}, "metadata[order]", None),
        ({"metadata": {f"key{number}": "x" for number in range(51)}}, "metadata", None),
        (
            {"payment_intent_data": {"statement_descriptor_suffix": "1234"}},
            "payment_intent_data[statement_descriptor_suffix]",
            None,
        ),
    ],
)  # fmt: skip
def test_a_session_is_refused(client: stripe.StripeClient, changes: dict[str, Any], param: str, code: str | None):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.create(session_params(**changes))
    assert (refused.value.param, refused.value.code, refused.value.http_status) == (param, code, 400)


@pytest.mark.parametrize("minutes", [29, 24 * 60 + 1])
def test_a_session_lasts_from_half_an_hour_to_a_day(fake: FakeStripe, minutes: int):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        opened(fake, expires_at=fake.books.clock.now() + minutes * 60)
    assert refused.value.param == "expires_at"


@pytest.mark.parametrize(
    ("line", "param"),
    [
        ({"price_data": {"currency": "eur", "unit_amount": 500, "product_data": {"name": "x"}}}, "[quantity]"),
        ({"quantity": 1}, "[price_data]"),
        (
            {"quantity": 1, "price_data": {"currency": "eur", "product_data": {"name": "x"}}},
            "[price_data][unit_amount]",
        ),
        ({"quantity": 1, "price_data": {"currency": "eur", "unit_amount": 500}}, "[price_data][product_data]"),
        (
            {"quantity": 1, "price_data": {"currency": "usd", "unit_amount": 500, "product_data": {"name": "x"}}},
            "[price_data][currency]",
        ),
        (
            {"quantity": 0, "price_data": {"currency": "eur", "unit_amount": 500, "product_data": {"name": "x"}}},
            "[quantity]",
        ),
    ],
)
def test_a_line_is_refused(client: stripe.StripeClient, line: dict[str, object], param: str):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.create(session_params(line_items=[line]))
    assert refused.value.param == f"line_items[0]{param}"


def test_fifty_cents_are_the_least(client: stripe.StripeClient):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.create(session_params(49))
    assert refused.value.code == "amount_too_small"


def test_an_unknown_session_is_not_found(client: stripe.StripeClient):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.retrieve("cs_test_0")
    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")


def test_a_property_that_names_nothing_cannot_be_expanded(fake: FakeStripe):
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        fake.client().v1.checkout.sessions.retrieve(opened(fake).id, {"expand": ["status"]})
