"""What Stripe tells is believed when it is signed, kept once, and handed over."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

import pytest
import redis
import time_machine
from celery import current_app
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from dev.fakestripe import SECRET, FakeStripe
from dev.fakestripe.signature import signed
from marche.payments.incoming import CONNECT_EVENTS, MOST_BYTES, PLATFORM_EVENTS
from marche.payments.models import StripeEvent
from tests import cast
from tests.dev.fakestripe.shop import opened
from tests.stripe import CONNECT_SECRET, TILL, deliver, post

pytestmark = pytest.mark.django_db

PLATFORM = reverse("stripe-webhook", args=[TILL])


@pytest.fixture
def event(stripe: FakeStripe) -> str:
    """The id of an event that was sent and is not delivered: somebody has paid. More can be sent by hand."""
    stripe.pay(opened(stripe).id)
    stripe.take()
    stripe.endpoint = replace(stripe.endpoint, webhook=post)
    return str(stripe.state()["events"][-1]["id"])


def send(body: bytes, signature: str | None = None, path: str = PLATFORM) -> int:
    headers = {} if signature == "" else {"Stripe-Signature": signature or signed(body, SECRET)}
    return Client().post(path, body, content_type="application/json", headers=headers).status_code


def body_of(stripe: FakeStripe, event: str) -> bytes:
    return stripe.endpoint.written(stripe.books.get("event", event))[0]


def test_of_an_event_its_keys_are_kept(stripe: FakeStripe) -> None:
    session = opened(stripe)
    intent = stripe.pay(session.id)

    assert deliver(stripe) == [200, 200]

    of_intent, of_session = StripeEvent.objects.all()
    assert (of_intent.kind, of_intent.subject) == ("payment_intent.amount_capturable_updated", intent["id"])
    assert (of_session.kind, of_session.subject) == ("checkout.session.completed", session.id)
    assert (of_session.till, of_session.related, of_session.order_number) == (TILL, intent["id"], "M-7F3K")
    assert "ines@example.org" not in repr(list(StripeEvent.objects.values_list()))


def test_an_event_hands_its_row_over_when_it_is_kept(
    stripe: FakeStripe, event: str, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with redis.Redis.from_url(current_app.conf.broker_url) as broker:
        broker.delete("celery")
        with django_capture_on_commit_callbacks(execute=True):
            stripe.replay(event)
            stripe.replay(event)
        [message] = [json.loads(one)["headers"] for one in broker.lrange("celery", 0, -1)]
        broker.delete("celery")

    row = StripeEvent.objects.get()
    assert (message["task"], message["argsrepr"]) == ("marche.payments.tasks.handle_event", f"({row.pk},)")


def test_an_event_that_comes_twice_is_kept_once(stripe: FakeStripe, event: str) -> None:
    assert [stripe.replay(event), stripe.replay(event)] == [200, 200]

    assert StripeEvent.objects.count() == 1


def test_an_event_costs_few_statements(
    stripe: FakeStripe, event: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(6):  # select, insert, two transactions around them
        stripe.replay(event)
    with django_assert_num_queries(3):
        stripe.replay(event)


def test_an_event_signed_with_another_secret_is_refused(
    stripe: FakeStripe, event: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert stripe.forge(event) == 400

    assert not StripeEvent.objects.exists()
    assert "an event for the till beauvais is refused: wrong signature" in caplog.text
    assert "ines" not in caplog.text


@pytest.mark.parametrize("signature", ["", "t=1", "v1=abc", "t=x,v1=y", "t=1,v1=é", "nonsense", "t=1,v1=" + "0" * 64])
def test_a_signature_that_is_none_is_refused(stripe: FakeStripe, event: str, signature: str) -> None:
    assert send(body_of(stripe, event), signature) == 400
    assert not StripeEvent.objects.exists()


def test_an_event_of_five_minutes_ago_is_taken_and_an_older_one_refused(
    stripe: FakeStripe, event: str, caplog: pytest.LogCaptureFixture
) -> None:
    with time_machine.travel(cast.OPEN_TIME, tick=False):
        assert stripe.replay(event, age=301) == 400
        assert not StripeEvent.objects.exists()
        assert stripe.replay(event, age=300) == 200

    assert "signed too long ago" in caplog.text


def test_a_body_that_was_changed_on_its_way_is_refused(stripe: FakeStripe, event: str) -> None:
    body = body_of(stripe, event)

    assert send(body.replace(b"M-7F3K", b"M-7F3L"), signed(body, SECRET)) == 400


def test_while_a_secret_is_changed_both_are_good(stripe: FakeStripe, event: str, settings: Settings) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = {TILL: f"whsec_new|{SECRET}"}
    body = body_of(stripe, event)

    assert send(body, signed(body, "whsec_new")) == 200
    assert send(body, signed(body, SECRET)) == 200
    assert send(body, signed(body, "whsec_older")) == 400


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"livemode": True}, "livemode is True"),
        ({"api_version": "2020-08-27"}, "api_version is '2020-08-27'"),
        ({"api_version": None}, "api_version is ''"),
        ({"data": {}}, "not an event"),
        ({"data": "nothing"}, "not an event"),
        ({"created": "yesterday"}, "not an event"),
    ],
)
def test_an_event_of_another_kind_of_stripe_is_refused(
    stripe: FakeStripe, event: str, caplog: pytest.LogCaptureFixture, changes: dict[str, object], why: str
) -> None:
    assert stripe.send_changed(event, **changes) == 400

    assert not StripeEvent.objects.exists()
    assert why in caplog.text


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff\xfe", b"1"])
def test_what_is_no_event_is_refused_however_well_it_is_signed(stripe: FakeStripe, body: bytes) -> None:
    assert send(body) == 400


def test_a_body_that_never_ends_is_refused(stripe: FakeStripe) -> None:
    assert send(b" " * (MOST_BYTES + 1)) == 400
    assert send(b" " * (3 * MOST_BYTES)) == 400


def test_an_event_of_a_type_that_means_nothing_here_is_taken_and_not_kept(stripe: FakeStripe, event: str) -> None:
    assert stripe.send_changed(event, type="invoice.paid") == 200
    assert stripe.send_changed(event, type="payout.paid") == 200  # the town's own payouts are its bank's business
    assert not StripeEvent.objects.exists()


def test_accounts_of_producers_have_a_webhook_and_a_secret_of_their_own(stripe: FakeStripe, event: str) -> None:
    account = stripe.client().v1.accounts.create({"country": "FR"}).id
    stripe.activate(account)
    [(body, headers)] = stripe.take()

    assert post(body, headers) == 200
    assert send(body, headers["Stripe-Signature"]) == 400
    assert send(body, signed(body, CONNECT_SECRET)) == 400
    kept = StripeEvent.objects.get()
    assert (kept.kind, kept.account, kept.subject) == ("account.updated", account, account)


def test_an_event_of_an_account_at_the_wrong_webhook_is_not_kept(stripe: FakeStripe, event: str) -> None:
    said = json.loads(body_of(stripe, event)) | {"account": "acct_1"}
    body = json.dumps(said).encode()

    assert send(body) == 200
    assert not StripeEvent.objects.exists()


def test_without_a_secret_nothing_is_believed(stripe: FakeStripe, event: str, settings: Settings) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = {}
    body = body_of(stripe, event)

    assert send(body, signed(body, "")) == 400


def test_a_till_that_the_settings_do_not_know_does_not_exist(stripe: FakeStripe, event: str) -> None:
    body = body_of(stripe, event)

    assert send(body, path=reverse("stripe-webhook", args=["clermont"])) == 404
    assert send(body, path=reverse("stripe-connect-webhook", args=["clermont"])) == 404


def test_all_types_can_be_asked_for_at_once() -> None:
    """Stripe lists events of twenty types at most."""
    assert len(PLATFORM_EVENTS) <= 20
    assert not PLATFORM_EVENTS & CONNECT_EVENTS
