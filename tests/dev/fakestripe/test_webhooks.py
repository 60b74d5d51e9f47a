"""Events: signed, delivered, and what can go wrong with them."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
import stripe

from dev.fakestripe import SECRET, FakeStripe
from tests.dev.fakestripe.shop import (
    DECLINED,
    Webhook,
    authorised,
    captured,
    charge_of,
    opened,
    producer,
    transfer_params,
)

PAID = ["payment_intent.amount_capturable_updated", "checkout.session.completed"]


def paid(fake: FakeStripe) -> str:
    """A session that was paid and its events delivered; the id of the last event."""
    fake.pay(opened(fake).id)
    assert fake.settle()
    return str(fake.state()["events"][-1]["id"])


def test_a_payment_is_told(calling: FakeStripe, webhook: Webhook):
    paid(calling)
    assert webhook.types == PAID
    event = webhook.events[-1]
    assert (event.api_version, event.livemode) == (stripe.api_version, False)
    assert event.data.object["client_reference_id"] == "M-7F3K"


def test_each_deed_has_its_events(calling: FakeStripe, webhook: Webhook):
    client, account = calling.client(), producer(calling)
    intent = captured(calling)
    client.v1.refunds.create({"payment_intent": intent.id, "amount": 100})
    transfer = client.v1.transfers.create(transfer_params(intent, account))
    client.v1.transfers.reversals.create(transfer.id, {"amount": 10})
    calling.close_dispute(calling.dispute(charge_of(intent).id)["id"], "won")
    calling.pay(opened(calling).id, DECLINED)
    client.v1.checkout.sessions.expire(opened(calling).id)
    client.v1.payment_intents.cancel(authorised(calling).id)
    calling.payout(account)
    calling.deauthorize(account)
    assert calling.settle()
    assert webhook.types == [
        "account.updated", *PAID, "charge.captured", "payment_intent.succeeded", "refund.created", "transfer.created",
        "transfer.reversed", "charge.dispute.created", "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated", "charge.dispute.closed", "payment_intent.payment_failed",
        "checkout.session.expired", *PAID, "payment_intent.canceled", "payout.paid", "account.application.deauthorized",
    ]  # fmt: skip


def test_an_event_keeps_what_it_saw(calling: FakeStripe, webhook: Webhook):
    intent = captured(calling)
    assert calling.settle()
    (held,) = [event for event in webhook.events if event.type == PAID[0]]
    assert (held.data.object["status"], intent.status) == ("requires_capture", "succeeded")


def test_an_event_names_the_request_that_caused_it(calling: FakeStripe, webhook: Webhook):
    calling.client().v1.checkout.sessions.expire(opened(calling).id, options={"idempotency_key": "expire-1"})
    assert calling.settle()
    assert webhook.events[0].request is not None
    assert webhook.events[0].request.idempotency_key == "expire-1"


def test_an_account_has_events_of_its_own(calling: FakeStripe, webhook: Webhook):
    account = producer(calling)
    assert calling.settle()
    assert (webhook.types, webhook.events[0].account) == (["account.updated"], account)
    listed = calling.client().v1.events.list(options={"stripe_account": account})
    assert [event.type for event in listed.data] == ["account.updated"]
    assert calling.client().v1.events.list().data == []


def test_what_is_not_taken_is_sent_again(calling: FakeStripe, webhook: Webhook):
    webhook.status = 500
    paid(calling)
    webhook.status = 200
    calling.advance(5)
    assert calling.settle()
    assert webhook.types == PAID * 2
    assert [line["status"] for line in calling.deliveries()] == [500, 500, 200, 200]


def test_held_events_are_released_in_another_order(calling: FakeStripe, webhook: Webhook):
    calling.hold()
    calling.pay(opened(calling).id)
    assert calling.settle()
    assert webhook.types == []
    calling.release(reverse=True)
    assert calling.settle()
    assert webhook.types == PAID[::-1]


def test_events_are_delayed(calling: FakeStripe, webhook: Webhook):
    calling.delay(600)
    paid(calling)
    assert webhook.types == []
    calling.advance(600)
    assert calling.settle()
    assert webhook.types == PAID


def test_an_event_comes_twice(calling: FakeStripe, webhook: Webhook):
    calling.duplicate("checkout.session.completed")
    paid(calling)
    assert webhook.types == [*PAID, PAID[1]]
    assert webhook.events[1].id == webhook.events[2].id


def test_a_lost_event_is_still_listed(calling: FakeStripe, webhook: Webhook):
    calling.drop("checkout.session.completed")
    paid(calling)
    assert webhook.types == PAID[:1]
    listed = calling.client().v1.events.list({"types": ["checkout.session.completed"], "created": {"gte": 1}})
    assert [event.type for event in listed.data] == ["checkout.session.completed"]


def test_a_forged_event_has_another_signature(calling: FakeStripe, webhook: Webhook):
    event = paid(calling)
    assert calling.forge(event) == 400
    assert "No signatures found matching" in webhook.refused[0]


@pytest.mark.parametrize(("age", "status"), [(290, 200), (310, 400)])
def test_an_event_is_replayed_with_an_old_signature(calling: FakeStripe, age: int, status: int):
    assert calling.replay(paid(calling), age) == status


@pytest.mark.parametrize("change", [{"livemode": True}, {"type": "moon.full"}, {"api_version": "2020-08-27"}])
def test_a_well_signed_event_may_be_for_someone_else(calling: FakeStripe, webhook: Webhook, change: dict[str, object]):
    assert calling.send_changed(paid(calling), **change) == 200
    assert change.items() <= webhook.events[-1].to_dict().items()


def test_events_wait_for_a_test_that_takes_them(fake: FakeStripe):
    fake.pay(opened(fake).id)
    assert fake.courier.waiting() == PAID
    events = [
        stripe.Webhook.construct_event(body, headers["Stripe-Signature"], SECRET) for body, headers in fake.take()
    ]
    assert [event.type for event in events] == PAID
    assert fake.take() == []


def test_sessions_expire_of_themselves(calling: FakeStripe, webhook: Webhook):
    opened(calling)
    calling.advance(24 * 3600)
    assert calling.settle()
    assert webhook.types == ["checkout.session.expired"]


def test_events_are_listed_in_pages(fake: FakeStripe):
    for _ in range(3):
        fake.pay(opened(fake).id)
    events = fake.client().v1.events
    found = list(events.list({"limit": 5}).auto_paging_iter())
    assert [event.id for event in found] == [event["id"] for event in reversed(fake.state()["events"])]
    assert events.retrieve(found[0].id).type == found[0].type
    back = events.list({"limit": 2, "ending_before": found[3].id})
    assert ([event.id for event in back.data], back.has_more) == ([found[1].id, found[2].id], True)


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"limit": 101}, "limit"),
        ({"type": "charge.captured", "types": ["charge.captured"]}, "type"),
        ({"types": ["charge.captured"] * 21}, "types"),
        ({"starting_after": "evt_0"}, "starting_after"),
    ],
)
def test_a_list_of_events_is_refused(client: stripe.StripeClient, params: stripe.params.EventListParams, param: str):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.events.list(params)
    assert refused.value.param == param


def test_events_are_kept_for_thirty_days(fake: FakeStripe):
    fake.pay(opened(fake).id)
    before = len(fake.client().v1.events.list({"type": "charge.*"}).data)
    fake.advance(31 * 24 * 3600)
    assert (before, fake.client().v1.events.list({"type": "charge.succeeded"}).data) == (1, [])


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.server.webhook(body, dict(self.headers.items()))  # type: ignore[attr-defined]
        self.send_response(status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def address(webhook: Webhook) -> Iterator[str]:
    """The webhook behind a real address."""
    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        server.webhook = webhook  # type: ignore[attr-defined]
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/webhook/"
        server.shutdown()
        thread.join()


def test_events_are_posted_to_an_address(webhook: Webhook, address: str):
    with FakeStripe(webhook=address) as fake:
        event = paid(fake)
        webhook.status = 503
        assert fake.replay(event) == 503
    assert webhook.types == [*PAID, PAID[1]]


def test_nobody_is_at_the_address():
    with FakeStripe(webhook="http://127.0.0.1:9/") as fake:
        paid(fake)
        assert [line["status"] for line in fake.deliveries()] == [0, 0]
