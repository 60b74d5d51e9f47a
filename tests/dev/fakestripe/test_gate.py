"""Who may ask, and how: the key, the version of the API, the address."""

import json
from pathlib import Path

import pytest
import stripe

from dev.fakestripe import FakeStripe
from tests.dev.fakestripe.shop import Raw, api, opened


@pytest.mark.parametrize("key", ["sk_live_abc", "rk_test_abc", "pk_test_abc"])
def test_only_test_keys_are_taken(fake: FakeStripe, key: str):
    with pytest.raises(stripe.AuthenticationError, match="Only sk_test_ keys") as refused:
        fake.client(api_key=key).v1.balance.retrieve()
    assert key not in str(refused.value)


def test_a_key_is_needed(fake: FakeStripe):
    assert Raw(fake, "GET", "/v1/balance").status == 401


@pytest.mark.parametrize("version", ["2025-01-27.acacia", "nonsense"])
def test_another_version_of_the_api_is_refused(fake: FakeStripe, version: str):
    answer = api(fake, "GET", "/v1/balance", **{"Stripe-Version": version})
    assert (answer.status, answer.error["type"]) == (400, "invalid_request_error")


def test_every_answer_has_its_request_id(fake: FakeStripe):
    answers = [api(fake, "GET", "/v1/balance"), api(fake, "GET", "/v1/nothing"), Raw(fake, "GET", "/v1/balance")]
    assert [answer.status for answer in answers] == [200, 404, 401]
    assert len({answer.headers["Request-Id"] for answer in answers}) == 3


def test_another_accounts_view_is_not_simulated(fake: FakeStripe):
    assert api(fake, "GET", "/v1/balance", **{"Stripe-Account": "acct_1"}).error["code"] == "not_simulated"


def test_every_request_is_written_down(tmp_path: Path):
    with FakeStripe(state=tmp_path) as fake:
        session = opened(fake)
        api(fake, "POST", "/v1/refunds", "colour=red")
        api(fake, "GET", f"/v1/checkout/sessions/{session.id}?expand[]=payment_intent")
    first, second, third = map(json.loads, (tmp_path / "requests.jsonl").read_text(encoding="utf-8").splitlines())
    assert (first["method"], first["path"]) == ("POST", "/v1/checkout/sessions")
    assert first["body"]["line_items"][0]["price_data"]["unit_amount"] == 2000
    assert second == {"method": "POST", "path": "/v1/refunds", "body": {"colour": "red"}}
    assert third["body"] == {"expand": ["payment_intent"]}
