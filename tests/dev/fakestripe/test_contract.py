"""Requests that do not conform to the SDK's types are refused, in Stripe's words."""

import time
from decimal import Decimal
from typing import Any

import pytest
import stripe

from dev.fakestripe import FakeStripe
from dev.fakestripe.contract import params_schema
from dev.fakestripe.form import decode
from dev.fakestripe.reader import read
from dev.fakestripe.refusals import RefusalError
from dev.fakestripe.routes import ROUTES, Route
from tests.dev.fakestripe.shop import api, session_params

LINE_CURRENCY = "line_items[0][price_data][currency]"


@pytest.mark.parametrize(
    ("changes", "param", "code"),
    [
        ({"colour": "red"}, "colour", "parameter_unknown"),
        ({"payment_intent_data": {"colour": "red"}}, "payment_intent_data[colour]", "parameter_unknown"),
        ({"line_items": [{"qty": 1}]}, "line_items[0][qty]", "parameter_unknown"),
        ({"line_items": [{"price_data": {}, "quantity": 1}]}, "line_items", "parameter_missing"),
        ({"line_items": [{"price_data": {"product": "x"}}]}, LINE_CURRENCY, "parameter_missing"),
        ({"expires_at": "tomorrow"}, "expires_at", "parameter_invalid_integer"),
        ({"client_reference_id": ""}, "client_reference_id", "parameter_invalid_empty"),
        ({"mode": ""}, "mode", "parameter_invalid_empty"),
        ({"mode": "pay"}, "mode", None),
        ({"payment_intent_data": {"capture_method": "by hand"}}, "payment_intent_data[capture_method]", None),
        ({"allowed_payment_method_types": ["card", "cheque"]}, "allowed_payment_method_types[1]", None),
        ({"allow_promotion_codes": "maybe"}, "allow_promotion_codes", None),
        ({"metadata": "M-7F3K"}, "metadata", None),
        ({"mode": {"a": "payment"}}, "mode", None),
        ({"line_items": {"first": {"quantity": 1}}}, "line_items", None),
    ],
)  # fmt: skip
def test_a_request_that_does_not_conform_is_refused(
    client: stripe.StripeClient, changes: dict[str, Any], param: str, code: str | None
):
    params = session_params(**changes)
    if param == "line_items" and code:
        del params["line_items"]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.create(params)
    assert (refused.value.http_status, refused.value.param, refused.value.code) == (400, param, code)


def test_an_amount_with_cents_after_a_point_is_refused(fake: FakeStripe):
    amount: Any = Decimal("12.50")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.client().v1.refunds.create({"payment_intent": "pi_1", "amount": amount})
    assert (refused.value.param, refused.value.code) == ("amount", "parameter_invalid_integer")


def test_a_parameter_of_stripe_that_has_no_effect_here_is_refused(fake: FakeStripe):
    answer = api(fake, "POST", "/v1/refunds", "payment_intent=pi_1&reverse_transfer=true")
    assert (answer.status, answer.error["param"], answer.error["code"]) == (400, "reverse_transfer", "not_simulated")


@pytest.mark.parametrize("body", ["a[b=1", "a=1&a[b]=2", "a[b]=2&a=1", "a=1&a[b][c]=2"])
def test_a_form_that_cannot_be_read_is_refused(fake: FakeStripe, body: str):
    assert api(fake, "POST", "/v1/refunds", body).status == 400


def test_brackets_are_undone():
    assert decode("a[b][0][c]=1&d[]=2&d[]=3") == {"a": {"b": {"0": {"c": "1"}}}, "d": {"0": "2", "1": "3"}}


def test_a_widened_enum_is_narrowed_again():
    reason = params_schema("_refund_create_params", "RefundCreateParams")["properties"]["reason"]
    assert reason == {"enum": ["duplicate", "fraudulent", "requested_by_customer"]}


def test_a_text_that_may_be_emptied_is_no_enum():
    details = params_schema("_payment_intent_capture_params", "PaymentIntentCaptureParams")
    reference = details["properties"]["payment_details"]["anyOf"][1]["properties"]["order_reference"]
    assert reference == {"anyOf": [{"enum": [""]}, {"type": "string"}]}


def test_a_number_or_a_range_are_both_taken():
    created = params_schema("_event_list_params", "EventListParams")["properties"]["created"]
    assert read(created, "17", "created") == 17
    assert read(created, {"gte": "17"}, "created") == {"gte": 17}
    with pytest.raises(RefusalError, match="Received unknown parameter"):
        read(created, {"after": "17"}, "created")


def test_the_contract_of_every_route_is_read_within_a_second():
    params_schema.cache_clear()
    began = time.process_time()
    for route in ROUTES:
        params_schema(*route.params)
    assert time.process_time() - began < 1


def schema_at(schema: Any, names: list[str]) -> Any:
    """The schema of a parameter, through lists and alternatives."""
    alternatives = schema.get("anyOf", [schema])
    found = [one.get("items", one) for one in alternatives]
    if not names:
        return schema
    return next(schema_at(one["properties"][names[0]], names[1:]) for one in found if "properties" in one)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_what_is_simulated_is_in_the_contract(route: Route):
    for name in route.simulated.split():
        assert schema_at(params_schema(*route.params), name.split(".")), name
