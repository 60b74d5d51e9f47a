"""What is sent twice is done once."""

from threading import Barrier, Thread

import pytest
import stripe

from dev.fakestripe import FakeStripe
from tests.dev.fakestripe.shop import Raw, api, captured, session_params

DAY = 24 * 3600


def refund(fake: FakeStripe, intent: str, cents: int = 100, key: str = "refund-1") -> stripe.Refund:
    return fake.client().v1.refunds.create(
        {"payment_intent": intent, "amount": cents}, {"idempotency_key": key, "max_network_retries": 0}
    )


def test_the_same_request_has_the_same_answer(fake: FakeStripe):
    intent = captured(fake).id
    first, second = refund(fake, intent), refund(fake, intent)
    assert second.to_dict() == first.to_dict()
    assert len(fake.state()["refunds"]) == 1
    assert second.last_response is not None
    assert second.last_response.headers["Idempotent-Replayed"] == "true"


def test_an_answer_is_repeated_as_it_was(fake: FakeStripe):
    options: stripe.RequestOptions = {"idempotency_key": "session-1"}
    first = fake.client().v1.checkout.sessions.create(session_params(), options)
    fake.pay(first.id)
    assert fake.client().v1.checkout.sessions.create(session_params(), options).status == "open"


def test_a_refusal_is_repeated_too(fake: FakeStripe):
    intent = captured(fake, 2000).id
    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            refund(fake, intent, 2001)
        assert refused.value.code == "amount_too_large"
    assert refused.value.headers["Idempotent-Replayed"] == "true"  # type: ignore[index]


def test_what_does_not_conform_leaves_its_key_free(fake: FakeStripe):
    intent = captured(fake).id
    assert api(fake, "POST", "/v1/refunds", "amount=many", **{"Idempotency-Key": "refund-1"}).status == 400
    assert refund(fake, intent).status == "succeeded"


def test_a_key_belongs_to_one_request(fake: FakeStripe):
    intent = captured(fake).id
    refund(fake, intent, 100)
    with pytest.raises(stripe.IdempotencyError) as refused:
        refund(fake, intent, 200)
    assert refused.value.http_status == 400


def test_a_key_is_remembered_for_a_day(fake: FakeStripe):
    intent = captured(fake).id
    first = refund(fake, intent)
    fake.advance(DAY - 60)
    assert refund(fake, intent).id == first.id
    fake.advance(60)
    assert refund(fake, intent).id != first.id


def test_a_key_is_in_use_while_its_request_is_under_way(fake: FakeStripe):
    intent = captured(fake).id
    fake.fault("hang", path="/v1/refunds")
    first = Thread(target=refund, args=(fake, intent))
    first.start()
    assert fake.faults.wait_for_hanging()
    with pytest.raises(stripe.StripeError) as refused:
        refund(fake, intent)
    fake.clear_faults()
    first.join()
    assert refused.value.http_status == 409
    assert refused.value.error is not None
    assert refused.value.error.code == "idempotency_key_in_use"
    assert refund(fake, intent).id == fake.state()["refunds"][0]["id"]


@pytest.mark.race
def test_many_at_once_are_one(fake: FakeStripe):
    path, form = "/v1/refunds", f"payment_intent={captured(fake).id}&amount=100"
    together, answers = Barrier(8), list[Raw]()

    def send() -> None:
        together.wait()
        answers.append(api(fake, "POST", path, form, **{"Idempotency-Key": "refund-1"}))

    threads = [Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status for answer in answers} <= {200, 409}
    assert {answer.json["id"] for answer in answers if answer.status == 200} == {fake.state()["refunds"][0]["id"]}
    assert len(fake.state()["refunds"]) == 1


def test_a_key_has_an_end(fake: FakeStripe):
    with pytest.raises(stripe.IdempotencyError):
        refund(fake, "pi_1", key="x" * 256)


def test_without_a_key_everything_is_done_again(fake: FakeStripe):
    intent = captured(fake).id
    for _ in range(2):
        assert api(fake, "POST", "/v1/refunds", f"payment_intent={intent}&amount=100").status == 200
    assert len(fake.state()["refunds"]) == 2
