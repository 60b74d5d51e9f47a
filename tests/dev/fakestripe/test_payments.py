"""Money that is held, then captured or released."""

import pytest
import stripe

from dev.fakestripe import FakeStripe
from tests.dev.fakestripe.shop import DECLINED, POOR, SECURE, VISA, authorised, captured, charge_of, opened

WEEK = 7 * 24 * 3600


def test_a_part_is_captured_and_the_rest_released_without_a_refund(fake: FakeStripe):
    intent = authorised(fake, 2000)
    done = fake.client().v1.payment_intents.capture(
        intent.id, {"amount_to_capture": 1750, "expand": ["latest_charge.balance_transaction"]}
    )
    charge = charge_of(done)
    assert isinstance(charge.balance_transaction, stripe.BalanceTransaction)
    assert (done.status, done.amount_received, done.amount_capturable) == ("succeeded", 1750, 0)
    assert (charge.amount, charge.amount_captured, charge.amount_refunded) == (2000, 1750, 0)
    assert (charge.balance_transaction.fee, charge.balance_transaction.net) == (51, 1699)
    assert fake.client().v1.refunds.list({"payment_intent": intent.id}).data == []


def test_the_released_part_may_count_as_refunded():
    with FakeStripe(released_is_refunded=True) as fake:
        intent = authorised(fake, 2000)
        fake.client().v1.payment_intents.capture(intent.id, {"amount_to_capture": 1750})
        fake.client().v1.refunds.create({"payment_intent": intent.id, "amount": 100})
        (charge,) = fake.state()["charges"]
        assert (charge["amount_refunded"], charge["refunded"]) == (350, False)


def test_a_captured_session_is_paid(fake: FakeStripe):
    intent = captured(fake)
    (session,) = fake.client().v1.checkout.sessions.list({"payment_intent": intent.id}).data
    assert session.payment_status == "paid"


@pytest.mark.parametrize(
    ("cents", "code"),
    [(2001, "amount_too_large"), (49, "amount_too_small"), (0, "parameter_invalid_integer")],
)
def test_an_amount_cannot_be_captured(fake: FakeStripe, cents: int, code: str):
    intent = authorised(fake, 2000)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.client().v1.payment_intents.capture(intent.id, {"amount_to_capture": cents})
    assert (refused.value.code, refused.value.param) == (code, "amount_to_capture")


def test_nothing_is_captured_twice(fake: FakeStripe):
    intent = captured(fake)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.client().v1.payment_intents.capture(intent.id)
    assert refused.value.code == "payment_intent_unexpected_state"
    assert refused.value.error is not None
    assert refused.value.error.payment_intent is not None
    assert refused.value.error.payment_intent.status == "succeeded"


def test_a_hold_is_released(fake: FakeStripe):
    intent = authorised(fake)
    done = fake.client().v1.payment_intents.cancel(intent.id, {"cancellation_reason": "requested_by_customer"})
    assert (done.status, done.cancellation_reason, done.amount_capturable) == ("canceled", "requested_by_customer", 0)


@pytest.mark.parametrize("first", ["capture", "cancel"])
def test_what_is_over_cannot_be_cancelled(fake: FakeStripe, first: str):
    intents, intent = fake.client().v1.payment_intents, authorised(fake)
    getattr(intents, first)(intent.id)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        intents.cancel(intent.id)
    assert refused.value.code == "payment_intent_unexpected_state"


def test_the_payment_of_an_open_session_ends_with_the_session_only(fake: FakeStripe):
    intent = fake.pay(opened(fake).id, DECLINED)
    with pytest.raises(stripe.InvalidRequestError, match="Expire the Checkout Session instead"):
        fake.client().v1.payment_intents.cancel(intent["id"])


@pytest.mark.parametrize(("seconds", "status"), [(WEEK - 60, "requires_capture"), (WEEK, "canceled")])
def test_a_card_holds_money_for_a_week(fake: FakeStripe, seconds: int, status: str):
    intent = authorised(fake)
    card = charge_of(intent).payment_method_details.card  # type: ignore[union-attr]
    assert card is not None
    assert card.capture_before == charge_of(intent).created + WEEK
    fake.advance(seconds)
    assert fake.client().v1.payment_intents.retrieve(intent.id).status == status


@pytest.mark.parametrize(("card", "code"), [(DECLINED, "generic_decline"), (POOR, "insufficient_funds")])
def test_a_declined_card_leaves_the_session_open_for_another(fake: FakeStripe, card: str, code: str):
    session = opened(fake)
    intent = fake.pay(session.id, card)
    assert (intent["status"], intent["last_payment_error"]["decline_code"]) == ("requires_payment_method", code)
    assert fake.client().v1.checkout.sessions.retrieve(session.id).status == "open"
    again = fake.pay(session.id, VISA)
    assert (again["id"], again["status"], again["last_payment_error"]) == (intent["id"], "requires_capture", None)


@pytest.mark.parametrize(
    ("answer", "status"), [(None, "requires_action"), (True, "requires_capture"), (False, "requires_payment_method")]
)
def test_the_bank_may_ask_who_pays(fake: FakeStripe, answer: bool | None, status: str):
    assert fake.pay(opened(fake).id, SECURE, authenticated=answer)["status"] == status
