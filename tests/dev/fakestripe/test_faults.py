"""What goes wrong on the way."""

from socket import create_connection
from typing import Any

import pytest
import stripe

from dev.fakestripe import FakeStripe
from tests.dev.fakestripe.shop import HEADERS, api, captured, session_params


def test_a_reset_comes_after_the_deed_and_the_sdk_tries_again(fake: FakeStripe):
    fake.fault("reset", path="/v1/checkout/sessions")
    session = fake.client(max_network_retries=1).v1.checkout.sessions.create(session_params())
    assert [row["id"] for row in fake.state()["sessions"]] == [session.id]


def test_a_reset_is_a_lost_connection_to_who_does_not_try_again(fake: FakeStripe):
    fake.fault("reset", method="POST")
    with pytest.raises(stripe.APIConnectionError):
        fake.client().v1.checkout.sessions.create(session_params())
    assert len(fake.state()["sessions"]) == 1


def test_a_reset_is_a_reset_and_not_an_end(fake: FakeStripe):
    fake.fault("reset")
    with create_connection(("127.0.0.1", int(fake.url.rpartition(":")[2])), timeout=10) as connection:
        lines = ["GET /v1/balance HTTP/1.0", *(f"{name}: {value}" for name, value in HEADERS.items()), "", ""]
        connection.sendall("\r\n".join(lines).encode())
        with pytest.raises(ConnectionResetError):
            connection.recv(1)


def test_an_error_leaves_nothing_done(fake: FakeStripe):
    fake.fault("error")
    with pytest.raises(stripe.APIError) as failed:
        fake.client().v1.checkout.sessions.create(session_params())
    assert failed.value.http_status == 500
    assert fake.state()["sessions"] == []


def test_after_one_error_the_sdk_succeeds(fake: FakeStripe):
    fake.fault("error", status=503)
    assert fake.client(max_network_retries=1).v1.checkout.sessions.create(session_params()).status == "open"


def test_too_many_requests_have_their_own_error(fake: FakeStripe):
    fake.fault("error", status=429)
    with pytest.raises(stripe.RateLimitError):
        fake.client().v1.balance.retrieve()


def test_an_error_may_hide_that_it_was_done(fake: FakeStripe):
    fake.fault("error", committed=True)
    with pytest.raises(stripe.APIError):
        fake.client().v1.checkout.sessions.create(session_params())
    assert len(fake.state()["sessions"]) == 1


@pytest.mark.parametrize(("committed", "refunds"), [(False, 0), (True, 1)])
def test_no_answer_comes_in_time(fake: FakeStripe, committed: bool, refunds: int):
    intent = captured(fake).id
    fake.fault("hang", path="/refunds", committed=committed)
    with pytest.raises(stripe.APIConnectionError):
        fake.client(timeout=0.2).v1.refunds.create({"payment_intent": intent})
    assert len(fake.state()["refunds"]) == refunds


@pytest.mark.parametrize(
    ("where", "status"),
    [({"path": "/v1/refunds"}, 200), ({"method": "POST"}, 200), ({"path": "balance$"}, 500), ({"times": 0}, 200)],
)
def test_a_fault_meets_what_it_is_meant_for(fake: FakeStripe, where: dict[str, Any], status: int):
    fake.fault("error", **where)
    assert api(fake, "GET", "/v1/balance").status == status


def test_faults_are_cleared(fake: FakeStripe):
    fake.fault("error", times=9)
    fake.clear_faults()
    assert api(fake, "GET", "/v1/balance").status == 200
