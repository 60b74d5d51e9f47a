"""Our books are compared with Stripe's: what agrees, what differs, and who is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from dev.fakestripe import FakeStripe
from marche.markets.models import Market
from marche.outbox.models import Message
from marche.outbox.rendering import render
from marche.payments.actions.compare_with_stripe import compare_with_stripe
from marche.payments.models import Comparison, Instruction, PaymentAttempt
from marche.payments.refusals import NoTillError, UnreachableError
from marche.payments.tasks import compare_all_tills
from orders.mails import payments
from orders.models import Pickup
from producers.models import Listing
from tests import cast
from tests.dev.fakestripe.shop import account_params, session_params
from tests.orders.manager.people import claire
from tests.payments import rows
from tests.stripe import TILL

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Tuesday, while orders are open; it goes on by itself."""
    with time_machine.travel(cast.OPEN_TIME, tick=True) as traveller:
        yield traveller


@pytest.fixture
def market() -> Market:
    return cast.beauvais(till=TILL)


@pytest.fixture
def honey(market: Market) -> Listing:
    """8.50 € a jar."""
    return cast.listing(cast.honey(cast.le_rucher(market)), cast.saturday(market), price_cents=850, quantity=50)


@pytest.fixture
def lea(honey: Listing) -> Pickup:
    """Two jars, 17.00 €."""
    return cast.placed_order({honey: 2})


def api(stripe: FakeStripe) -> Any:
    return stripe.client().v1


def held(stripe: FakeStripe, pickup: Pickup, **changes: Any) -> PaymentAttempt:
    """Paid at Stripe, and noted with us."""
    named = {"order": pickup.order.number}
    given = {"capture_method": "manual", "transfer_group": f"order_{pickup.order.number}", "metadata": named}
    asked = session_params(pickup.max_cents, metadata=named, payment_intent_data=given)
    session = api(stripe).checkout.sessions.create(asked)
    intent = stripe.pay(session.id)
    values = {"session_id": session.id, "intent_id": intent["id"], "charge_id": intent["latest_charge"]}
    return rows.payment(pickup, **{"parameters": asked} | values | changes)


def taken(stripe: FakeStripe, pickup: Pickup, cents: int = 1700) -> PaymentAttempt:
    """Captured at Stripe, and noted with us."""
    attempt = held(stripe, pickup)
    api(stripe).payment_intents.capture(attempt.intent_id, {"amount_to_capture": cents})
    attempt.state, attempt.captured_cents, attempt.captured_at = PaymentAttempt.State.CAPTURED, cents, attempt.made_at
    attempt.save()
    rows.moved({attempt.shares.get(): cents}, "capture", stripe_id=attempt.intent_id)
    return attempt


def refunded(stripe: FakeStripe, attempt: PaymentAttempt, cents: int, noted: int | None = None) -> Instruction:
    refund = api(stripe).refunds.create({"payment_intent": attempt.intent_id, "amount": cents})
    return rows.moved({attempt.shares.get(): -(noted or cents)}, "refund", stripe_id=refund.id)


def transferred(stripe: FakeStripe, attempt: PaymentAttempt, cents: int) -> Instruction:
    account = api(stripe).accounts.create(account_params())
    stripe.activate(account.id)
    given = {"amount": cents, "currency": "eur", "destination": account.id, "source_transaction": attempt.charge_id}
    transfer = api(stripe).transfers.create(given)
    return rows.moved({attempt.shares.get(): cents}, "transfer", stripe_id=transfer.id)


def found(stripe: FakeStripe) -> list[tuple[str, str, int, int]]:
    """(what, of, cents at Stripe, cents with us) of each difference."""
    rows_found = compare_with_stripe(TILL).differences
    return [(row["what"], row["of"], row["stripe_cents"], row["our_cents"]) for row in rows_found]


def test_books_that_agree_are_clean(stripe, lea, clock):
    attempt = taken(stripe, lea)
    refunded(stripe, attempt, 200)
    transfer = transferred(stripe, attempt, 1400)
    reversal = api(stripe).transfers.reversals.create(transfer.stripe_id, {"amount": 100})
    rows.moved({attempt.shares.get(): -100}, "reversal", target=transfer.stripe_id, stripe_id=reversal.id)
    clock.shift(5)

    assert found(stripe) == []
    assert Comparison.objects.count() == 1
    assert not Message.objects.filter(kind="payments-alert").exists()


def test_money_that_is_only_held_agrees_too(stripe, lea, clock):
    held(stripe, lea)
    clock.shift(5)

    assert found(stripe) == []


def test_a_refund_made_by_hand_is_unknown_to_us(stripe, lea):
    attempt = taken(stripe, lea)
    api(stripe).refunds.create({"payment_intent": attempt.intent_id, "amount": 300})

    assert found(stripe) == [("unknown", "refund", 300, 0)]


def test_a_transfer_made_by_hand_is_unknown_to_us(stripe, lea):
    noted = transferred(stripe, taken(stripe, lea), 1000)
    Instruction.objects.filter(pk=noted.pk).update(stripe_id="")

    assert found(stripe) == [("unknown", "transfer", 1000, 0)]


def test_a_reversal_made_by_hand_is_unknown_to_us(stripe, lea):
    transfer = transferred(stripe, taken(stripe, lea), 1000)
    api(stripe).transfers.reversals.create(transfer.stripe_id, {"amount": 250})

    assert found(stripe) == [("unknown", "reversal", 250, 0)]


@pytest.mark.parametrize("kind", ["refund", "transfer"])
def test_what_stripe_does_not_list_is_missing_there(stripe, lea, clock, kind):
    share = taken(stripe, lea).shares.get()
    rows.moved({share: 100}, kind, stripe_id="xx_nothing")
    clock.shift(5)

    assert found(stripe) == [("missing", kind, 0, 100)]


def test_a_payment_that_stripe_does_not_list_is_missing_there(stripe, lea, clock):
    rows.payment(lea)
    clock.shift(5)

    assert found(stripe) == [("missing", "payment", 0, 1700)]


def test_a_refund_of_other_cents_differs(stripe, lea):
    refunded(stripe, taken(stripe, lea), 300, noted=350)

    assert found(stripe) == [("other", "refund", 300, 350)]


def test_a_refund_that_the_bank_sent_back_moved_nothing(stripe, lea):
    noted = refunded(stripe, taken(stripe, lea), 300)
    stripe.fail_refund(noted.stripe_id)

    assert found(stripe) == [("other", "refund", 0, 300)]


def test_a_payment_of_an_order_that_we_do_not_have_is_unknown(stripe, lea):
    session = api(stripe).checkout.sessions.create(session_params(990))
    stripe.pay(session.id)

    [row] = compare_with_stripe(TILL).differences
    assert (row["what"], row["of"], row["stripe_cents"], row["order_number"]) == ("unknown", "payment", 990, "M-7F3K")


def test_a_page_that_nobody_paid_is_no_difference(stripe, lea):
    api(stripe).checkout.sessions.create(session_params(990))

    assert found(stripe) == []


def test_a_payment_we_have_not_heard_of_is_asked_for_and_noted(stripe, lea):
    """As if its event had never come."""
    attempt = held(stripe, lea)
    PaymentAttempt.objects.filter(pk=attempt.pk).update(state="open", intent_id="", charge_id="", authorised_at=None)

    assert found(stripe) == []
    attempt.refresh_from_db()
    assert attempt.state == PaymentAttempt.State.AUTHORISED


def test_a_capture_made_by_hand_is_noted(stripe, lea):
    attempt = held(stripe, lea)
    api(stripe).payment_intents.capture(attempt.intent_id, {"amount_to_capture": 1200})

    assert found(stripe) == []
    attempt.refresh_from_db()
    assert (attempt.state, attempt.captured_cents) == (PaymentAttempt.State.CAPTURED, 1200)


def test_an_amount_that_can_not_be_put_right_by_asking_differs(stripe, lea, clock):
    attempt = taken(stripe, lea)
    PaymentAttempt.objects.filter(pk=attempt.pk).update(captured_cents=1500)
    clock.shift(5)

    assert found(stripe) == [("other", "payment", 1700, 1500)]


def test_what_was_done_and_is_only_to_be_noted_yet_is_no_difference(stripe, lea):
    attempt = taken(stripe, lea)
    waiting = rows.moved({attempt.shares.get(): -300}, "refund", state="waiting")
    given = {"payment_intent": attempt.intent_id, "amount": 300, "metadata": {"instruction": waiting.key}}
    api(stripe).refunds.create(given)

    assert found(stripe) == []


def test_more_than_a_page_of_lists_is_read(stripe, market, clock, honey):
    for number in range(103):
        session = api(stripe).checkout.sessions.create(session_params(100 + number))
        stripe.pay(session.id)

    assert sorted(row[2] for row in found(stripe)) == list(range(100, 203))


def test_what_is_older_than_was_asked_is_kept_from_the_comparison_before(stripe, lea, clock):
    attempt = taken(stripe, lea)
    api(stripe).refunds.create({"payment_intent": attempt.intent_id, "amount": 300})
    compare_with_stripe(TILL)
    clock.shift(dt.timedelta(days=10))

    assert [row["of"] for row in compare_with_stripe(TILL, days=3).differences] == ["refund"]


def test_managers_of_the_till_are_told_once_each_of_what_is_new(stripe, market, lea):
    claire(market, cast.beauvais(slug="marche-du-mercredi", till=TILL))
    cast.beauvais(slug="clermont").managers.add(cast.member("denis@example.org"))
    attempt = taken(stripe, lea)
    api(stripe).refunds.create({"payment_intent": attempt.intent_id, "amount": 300})

    first = compare_with_stripe(TILL)
    mails = Message.objects.filter(kind="payments-alert")
    assert list(mails.values_list("recipient", "subject_id")) == [("claire@example.org", first.pk)]

    compare_with_stripe(TILL)
    assert mails.count() == 1

    api(stripe).refunds.create({"payment_intent": attempt.intent_id, "amount": 10})
    compare_with_stripe(TILL)
    assert mails.count() == 2


def test_the_mail_says_what_differs_and_leads_to_the_page(market, settings):
    settings.SITE_URL = "https://marche.example"
    claire(market)
    row = {"what": "unknown", "of": "refund", "stripe_id": "re_7", "stripe_cents": 300, "our_cents": 0}
    row |= {"order_number": "", "at": timezone.now().isoformat()}
    comparison = Comparison.objects.create(till=TILL, made_at=timezone.now(), differences=[row] * 25)
    payments.register()

    told = {"kind": "payments-alert", "subject_id": comparison.pk, "due_at": timezone.now()}
    mail = render(Message.objects.create(recipient="claire@example.org", **told))
    assert "25" in mail.subject
    assert mail.body.count("re_7") == 20
    assert "https://marche.example/gestion/beauvais/paiements/" in mail.body


def test_a_till_without_a_key_is_refused(stripe):
    with pytest.raises(NoTillError):
        compare_with_stripe("nowhere")


def test_when_stripe_does_not_answer_nothing_is_written(stripe, lea):
    stripe.fault("error", "/v1/refunds", status=500)

    with pytest.raises(UnreachableError):
        compare_with_stripe(TILL, patient=False)
    assert not Comparison.objects.exists()


def test_at_night_each_till_is_compared_even_after_one_that_fails(stripe, settings):
    settings.STRIPE_SECRET_KEYS = {"amiens": "sk_test_wrong", **settings.STRIPE_SECRET_KEYS}

    compare_all_tills()

    assert list(Comparison.objects.values_list("till", flat=True)) == [TILL]
