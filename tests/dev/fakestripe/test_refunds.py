"""Captured money that goes back."""

import pytest
import stripe

from dev.fakestripe import FakeStripe
from tests.dev.fakestripe.shop import SECURE, authorised, captured, charge_of, opened


def test_refunds_add_up(fake: FakeStripe):
    intent, refunds = captured(fake, 2000), fake.client().v1.refunds
    first = refunds.create({"payment_intent": intent.id, "amount": 500, "metadata": {"line": "3"}})
    second = refunds.create({"payment_intent": intent.id, "reason": "requested_by_customer"})
    assert (first.status, first.metadata["line"], second.amount) == ("succeeded", "3", 1500)  # type: ignore[index]
    assert [refund.id for refund in refunds.list({"payment_intent": intent.id}).data] == [second.id, first.id]
    assert refunds.retrieve(first.id).amount == 500
    charge = fake.client().v1.charges.retrieve(charge_of(intent).id)
    assert (charge.amount_refunded, charge.refunded) == (2000, True)


@pytest.mark.parametrize(
    ("already", "amount", "code"),
    [(2000, 1, "charge_already_refunded"), (500, 1501, "amount_too_large"), (500, 0, "parameter_invalid_integer")],
)
def test_no_more_goes_back_than_came(fake: FakeStripe, already: int, amount: int, code: str):
    intent, refunds = captured(fake, 2000), fake.client().v1.refunds
    refunds.create({"payment_intent": intent.id, "amount": already})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        refunds.create({"payment_intent": intent.id, "amount": amount})
    assert refused.value.code == code


def test_what_was_not_captured_is_not_refunded(fake: FakeStripe):
    intent = authorised(fake)
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        fake.client().v1.refunds.create({"payment_intent": intent.id})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.client().v1.refunds.create({"charge": charge_of(intent).id})
    assert refused.value.code == "charge_not_refundable"


def test_a_payment_without_any_charge_is_not_refunded(fake: FakeStripe):
    intent = fake.pay(opened(fake).id, SECURE)
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        fake.client().v1.refunds.create({"payment_intent": intent["id"]})


@pytest.mark.parametrize(("both", "code"), [(True, "parameters_exclusive"), (False, "parameter_missing")])
def test_a_refund_names_one_payment(fake: FakeStripe, both: bool, code: str):
    intent = captured(fake)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.client().v1.refunds.create(
            {"payment_intent": intent.id, "charge": charge_of(intent).id} if both else {"amount": 100}
        )
    assert refused.value.code == code


@pytest.mark.parametrize("status", ["needs_response", "lost"])
def test_a_disputed_charge_is_not_refunded(fake: FakeStripe, status: str):
    intent = captured(fake, 2000)
    dispute = fake.dispute(charge_of(intent).id)
    if status == "lost":
        fake.close_dispute(dispute["id"], "lost")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.client().v1.refunds.create({"payment_intent": intent.id})
    assert refused.value.code == "charge_disputed"
    assert fake.client().v1.disputes.retrieve(dispute["id"]).status == status
    assert fake.state()["balances"]["platform"]["disputed"] == 2000


def test_a_dispute_that_was_won_is_as_if_it_had_not_been(fake: FakeStripe):
    intent = captured(fake, 2000)
    fake.close_dispute(fake.dispute(charge_of(intent).id)["id"], "won")
    assert fake.state()["balances"]["platform"]["disputed"] == 0
    assert fake.client().v1.refunds.create({"payment_intent": intent.id}).amount == 2000


def test_a_bank_may_send_a_refund_back(fake: FakeStripe):
    intent = captured(fake, 2000)
    refund = fake.client().v1.refunds.create({"payment_intent": intent.id})
    fake.fail_refund(refund.id)
    assert fake.client().v1.refunds.retrieve(refund.id).status == "failed"
    assert fake.state()["balances"]["platform"]["refunded"] == 0
