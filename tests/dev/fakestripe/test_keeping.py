"""A fake that is started again goes on with what it knew."""

from pathlib import Path

import pytest
import stripe

from dev.fakestripe import FakeStripe
from tests.dev.fakestripe.shop import account_params, opened, session_params


def test_what_was_paid_before_a_restart_is_captured_after_it(tmp_path: Path):
    with FakeStripe(state=tmp_path, keep=True) as before:
        intent = before.pay(opened(before, 2000).id)
        before.client().v1.balance.retrieve()  # a verb of the object, unlike one over HTTP, is no request
    with FakeStripe(state=tmp_path, keep=True) as after:
        assert after.client().v1.payment_intents.capture(intent["id"]).amount_received == 2000
        assert after.state()["balances"]["platform"]["captured"] == 2000


def test_a_key_answers_the_same_after_a_restart(tmp_path: Path):
    with FakeStripe(state=tmp_path, keep=True) as before:
        first = before.client().v1.checkout.sessions.create(session_params(), {"idempotency_key": "k"})
    with FakeStripe(state=tmp_path, keep=True) as after:
        again = after.client().v1.checkout.sessions.create(session_params(), {"idempotency_key": "k"})
        assert again.id == first.id
        assert len(after.state()["sessions"]) == 1


def test_a_session_expires_after_a_restart_and_an_account_that_left_stays_away(tmp_path: Path):
    with FakeStripe(state=tmp_path, keep=True) as before:
        account = before.client().v1.accounts.create(account_params())
        before.deauthorize(account.id)
        before.advance(60)
        opened(before)
    with FakeStripe(state=tmp_path, keep=True) as after:
        after.advance(24 * 3600)
        assert [session["status"] for session in after.state()["sessions"]] == ["expired"]
        with pytest.raises(stripe.PermissionError):
            after.client().v1.accounts.retrieve(account.id)


def test_nothing_is_kept_unasked(tmp_path: Path):
    with FakeStripe(state=tmp_path) as fake:
        opened(fake)
    assert [file.name for file in tmp_path.iterdir()] == ["requests.jsonl"]
