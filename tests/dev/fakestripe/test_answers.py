"""Each answer and event is what the SDK's resource classes say: fields, types, values."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from dev.fakestripe import FakeStripe
from dev.fakestripe.contract import resource_schema
from tests.dev.fakestripe.shop import (
    DECLINED,
    SECURE,
    Webhook,
    account_params,
    api,
    captured,
    charge_of,
    opened,
    producer,
    transfer_params,
)

RESOURCES = {
    "checkout.session": ("checkout/_session", "Session"),
    "payment_intent": ("_payment_intent", "PaymentIntent"),
    "charge": ("_charge", "Charge"),
    "balance_transaction": ("_balance_transaction", "BalanceTransaction"),
    "refund": ("_refund", "Refund"),
    "transfer": ("_transfer", "Transfer"),
    "transfer_reversal": ("_transfer_reversal", "TransferReversal"),
    "account": ("_account", "Account"),
    "account_link": ("_account_link", "AccountLink"),
    "event": ("_event", "Event"),
    "dispute": ("_dispute", "Dispute"),
    "payout": ("_payout", "Payout"),
    "balance": ("_balance", "Balance"),
}


def faults(row: Any) -> list[str]:
    """Where this object, or one inside it, departs from its class."""
    if isinstance(row, list):
        return [fault for inner in row for fault in faults(inner)]
    if not isinstance(row, dict):
        return []
    found = [fault for inner in row.values() for fault in faults(inner)]
    kind = row.get("object")
    if isinstance(kind, str) and kind in RESOURCES:
        validator = Draft202012Validator(resource_schema(*RESOURCES[kind]))
        found += [f"{kind} {error.json_path}: {error.message[:200]}" for error in validator.iter_errors(row)]
    return found


@pytest.fixture
def busy(fake: FakeStripe) -> FakeStripe:
    """One of everything has happened."""
    client, account = fake.client(), producer(fake)
    intent = captured(fake)
    refund = client.v1.refunds.create({"payment_intent": intent.id, "amount": 100})
    transfer = client.v1.transfers.create(transfer_params(intent, account))
    client.v1.transfers.reversals.create(transfer.id, {"amount": 10})
    fake.fail_refund(refund.id)
    fake.payout(account)
    fake.close_dispute(fake.dispute(charge_of(intent).id)["id"], "won")
    fake.pay(opened(fake).id, SECURE)
    fake.pay(opened(fake).id, SECURE, authenticated=True)
    fake.pay(opened(fake).id, SECURE, authenticated=False)
    client.v1.checkout.sessions.expire(opened(fake).id)
    fake.pay((declined := opened(fake)).id, DECLINED)
    client.v1.checkout.sessions.expire(declined.id)
    fake.restrict(account)
    fake.deauthorize(producer(fake))
    fake.advance(8 * 24 * 3600)
    return fake


def test_all_that_exists_is_as_the_sdk_describes_it(busy: FakeStripe):
    state = busy.state()
    kinds = ("sessions", "payment_intents", "charges", "refunds", "transfers", "reversals", "accounts", "disputes")
    assert all(state[kind] for kind in (*kinds, "payouts", "events"))
    state.pop("payouts")  # kept with the account they belong to; the events have them as Stripe sends them
    assert sorted(set(faults(state))) == []


@pytest.mark.parametrize(
    "path",
    [
        "/v1/balance",
        "/v1/events?limit=100",
        "/v1/refunds?expand[]=data.charge.balance_transaction&expand[]=data.payment_intent",
        "/v1/transfers?expand[]=data.source_transaction&expand[]=data.destination",
        "/v1/checkout/sessions?expand[]=data.payment_intent.latest_charge",
        "/v1/payment_intents?expand[]=data.latest_charge",
    ],
)
def test_an_answer_is_as_the_sdk_describes_it(busy: FakeStripe, path: str):
    answer = api(busy, "GET", path)
    assert answer.status == 200
    assert answer.json["object"] == "balance" or answer.json["data"]
    assert faults(answer.json) == []


def test_an_account_link_is_as_the_sdk_describes_it(fake: FakeStripe):
    account = fake.client().v1.accounts.create(account_params())
    form = f"account={account.id}&type=account_onboarding&refresh_url=/a&return_url=/b"
    assert faults(api(fake, "POST", "/v1/account_links", form).json) == []


def test_the_check_finds_what_is_wrong(fake: FakeStripe):
    (row,) = [{**session, "status": "opened", "colour": "red"} for session in [opened(fake).to_dict()]]
    del row["livemode"]
    assert len(faults(row)) == 3


def test_every_event_sent_can_be_read(calling: FakeStripe, webhook: Webhook):
    captured(calling)
    producer(calling)
    assert calling.settle()
    assert [event.object for event in webhook.events] == ["event"] * len(webhook.types)
    assert webhook.refused == []
