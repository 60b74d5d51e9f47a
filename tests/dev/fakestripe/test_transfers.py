"""Accounts of producers, transfers to them, and back."""

from typing import Any

import pytest
import stripe

from dev.fakestripe import FakeStripe
from tests.dev.fakestripe.shop import (
    Raw,
    account_params,
    authorised,
    captured,
    charge_of,
    post,
    producer,
    transfer_params,
)


def test_a_new_account_may_not_receive(fake: FakeStripe):
    account = fake.client().v1.accounts.create(account_params())
    assert account.capabilities is not None
    assert account.settings is not None
    assert account.capabilities.transfers == "inactive"
    assert account.settings.payouts.schedule.interval == "weekly"  # type: ignore[union-attr]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.client().v1.transfers.create(transfer_params(captured(fake), account.id))
    assert refused.value.code == "insufficient_capabilities_for_transfer"


@pytest.mark.parametrize(
    ("verb", "capability", "due"),
    [("activate", "active", 0), ("review", "pending", 0), ("restrict", "inactive", 1)],
)
def test_stripe_decides_about_an_account(fake: FakeStripe, verb: str, capability: str, due: int):
    account = producer(fake)
    getattr(fake, verb)(account)
    found = fake.client().v1.accounts.retrieve(account)
    assert found.capabilities.transfers == capability  # type: ignore[union-attr]
    assert len(found.requirements.currently_due or []) == due  # type: ignore[union-attr]


def test_an_account_is_changed(fake: FakeStripe):
    found = fake.client().v1.accounts.update(
        producer(fake), {"email": "new@example.org", "metadata": {"producer": "4"}}
    )
    assert (found.email, found.metadata["producer"]) == ("new@example.org", "4")  # type: ignore[index]


def test_an_account_that_left_is_out_of_reach(fake: FakeStripe):
    account, intent = producer(fake), captured(fake)
    fake.deauthorize(account)
    with pytest.raises(stripe.PermissionError) as refused:
        fake.client().v1.accounts.retrieve(account)
    assert refused.value.error is not None
    assert refused.value.error.code == "account_invalid"
    with pytest.raises(stripe.InvalidRequestError, match="No such destination"):
        fake.client().v1.transfers.create(transfer_params(intent, account))


@pytest.mark.parametrize(("step", "capability"), [("finish", "active"), ("submit", "pending"), ("leave", "inactive")])
def test_a_link_leads_through_the_questions_once(fake: FakeStripe, step: str, capability: str):
    client = fake.client()
    account = client.v1.accounts.create(account_params())
    link = client.v1.account_links.create(
        {"account": account.id, "type": "account_onboarding", "refresh_url": "/again", "return_url": "/back"}
    )
    path = link.url.removeprefix(fake.url)
    assert f'id="{step}"' in Raw(fake, "GET", path).text
    answer = post(fake, f"{path}/{step}")
    assert (answer.status, answer.headers["Location"]) == (303, "/back")
    assert client.v1.accounts.retrieve(account.id).capabilities.transfers == capability  # type: ignore[union-attr]
    assert Raw(fake, "GET", path).headers["Location"] == "/again"


def test_a_transfer_takes_its_group_from_its_source(fake: FakeStripe):
    account, intent, transfers = producer(fake), captured(fake), fake.client().v1.transfers
    transfer = transfers.create(transfer_params(intent, account, 1200, metadata={"order": "M-7F3K"}))
    assert (transfer.transfer_group, transfer.amount, transfer.reversed) == ("order_M-7F3K", 1200, False)
    assert transfers.retrieve(transfer.id).destination == account
    assert transfers.list({"transfer_group": "order_M-7F3K"}).data[0].id == transfer.id
    assert transfers.list({"destination": "acct_other"}).data == []


def test_transfers_stay_within_what_was_captured(fake: FakeStripe):
    account, intent, transfers = producer(fake), captured(fake, 2000), fake.client().v1.transfers
    first = transfers.create(transfer_params(intent, account, 1200))
    with pytest.raises(stripe.InvalidRequestError, match="must not exceed the source amount"):
        transfers.create(transfer_params(intent, account, 801))
    transfers.reversals.create(first.id, {"amount": 1})
    transfers.create(transfer_params(intent, account, 801))


def test_nothing_is_transferred_from_a_hold(fake: FakeStripe):
    account, intent = producer(fake), authorised(fake)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.client().v1.transfers.create(transfer_params(intent, account))
    assert refused.value.param == "source_transaction"


def test_without_a_source_the_balance_must_do(fake: FakeStripe):
    account, transfers = producer(fake), fake.client().v1.transfers
    captured(fake, 2000)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        transfers.create({"amount": 2000, "currency": "eur", "destination": account})
    assert refused.value.code == "balance_insufficient", "the fee is missing"
    transfers.create({"amount": 1945, "currency": "eur", "destination": account})


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"destination": "acct_0"}, "destination"),
        ({"source_transaction": "ch_0"}, "source_transaction"),
        ({"currency": "usd"}, "currency"),
        ({"amount": 0}, "amount"),
    ],
)
def test_a_transfer_is_refused(fake: FakeStripe, changes: dict[str, Any], param: str):
    account, intent = producer(fake), captured(fake)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.client().v1.transfers.create(transfer_params(intent, account) | changes)
    assert (refused.value.param, refused.value.http_status) == (param, 400)


def test_reversals_add_up(fake: FakeStripe):
    account, intent, transfers = producer(fake), captured(fake), fake.client().v1.transfers
    transfer = transfers.create(transfer_params(intent, account, 1200))
    part = transfers.reversals.create(transfer.id, {"amount": 200, "metadata": {"refund": "1"}})
    rest = transfers.reversals.create(transfer.id)
    found = transfers.retrieve(transfer.id)
    assert (part.amount, rest.amount, found.amount_reversed, found.reversed) == (200, 1000, 1200, True)
    assert [row.id for row in found.reversals.data] == [rest.id, part.id]
    assert [row.id for row in transfers.reversals.list(transfer.id).data] == [rest.id, part.id]
    assert transfers.reversals.retrieve(transfer.id, part.id).amount == 200
    with pytest.raises(stripe.InvalidRequestError, match="already been fully reversed"):
        transfers.reversals.create(transfer.id)


def test_no_more_comes_back_than_was_sent(fake: FakeStripe):
    account, intent, transfers = producer(fake), captured(fake), fake.client().v1.transfers
    transfer = transfers.create(transfer_params(intent, account, 1200))
    with pytest.raises(stripe.InvalidRequestError) as refused:
        transfers.reversals.create(transfer.id, {"amount": 1201})
    assert refused.value.code == "amount_too_large"


def test_what_went_to_the_bank_does_not_come_back(fake: FakeStripe):
    account, intent, transfers = producer(fake), captured(fake), fake.client().v1.transfers
    transfer = transfers.create(transfer_params(intent, account, 1200))
    assert fake.payout(account)["amount"] == 1200
    with pytest.raises(stripe.InvalidRequestError) as refused:
        transfers.reversals.create(transfer.id, {"amount": 1})
    assert refused.value.code == "balance_insufficient"


def test_the_balances_add_up(fake: FakeStripe):
    account, intent, client = producer(fake), captured(fake, 2000), fake.client()
    transfer = client.v1.transfers.create(transfer_params(intent, account, 1200))
    client.v1.refunds.create({"payment_intent": intent.id, "amount": 300})
    client.v1.transfers.reversals.create(transfer.id, {"amount": 200})
    fake.payout(account, 400)
    balances = fake.state()["balances"]
    assert balances["accounts"][account] == {"transferred": 1200, "reversed": 200, "paid_out": 400, "net": 600}
    assert balances["platform"]["net"] == 2000 - 55 - 300 - 1200 + 200
    assert client.v1.balance.retrieve().available[0].amount == 645
    assert charge_of(intent).amount_captured == 2000
