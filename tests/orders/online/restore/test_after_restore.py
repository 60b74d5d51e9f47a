"""A dump is restored while Stripe goes on: nothing is done twice, and our books are Stripe's to the cent."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from dev.fakestripe import FakeStripe
from marche.common.actors import Actor
from marche.common.refusals import Refused
from marche.payments.actions.open_account import open_account
from marche.payments.actions.refresh_account import refresh_account
from marche.payments.actions.transfer_due import transfer_due
from marche.payments.hold import is_on_hold
from marche.payments.ledger import balances
from marche.payments.models import Account, Comparison, Instruction, Movement, PaymentAttempt, Share
from marche.payments.tasks import sweep
from orders.actions.cancel_order import cancel_order
from orders.actions.hand_over import hand_over
from orders.actions.pay_online import pay_online
from orders.actions.take_back import take_back
from orders.manager.payments.page import payments_of
from orders.models import Pickup
from producers.models import Listing
from tests import cast
from tests.faults.audit import _books as books_are_stripes
from tests.orders.online.by_card import (
    EVENING,
    FRIDAY,
    MORNING,
    Charged,
    OrderByCard,
    Payable,
    attempt_of,
    prepare,
    settle,
    someone,
    strike,
)
from tests.orders.online.restore.backups import back_up, restore
from tests.stripe import TILL

pytestmark = pytest.mark.django_db(transaction=True)


def after_restore(*options: str) -> str:
    out = StringIO()
    call_command("after_restore", *options, stdout=out)
    return out.getvalue()


def everything_runs(clock: time_machine.Traveller) -> None:
    """All sweeps, several hours long."""
    for _hour in range(3):
        sweep()
        transfer_due(TILL)
        settle(clock)
        clock.shift(dt.timedelta(hours=1))


def books_agree(stripe: FakeStripe) -> None:
    books_are_stripes(stripe.state()["balances"])
    assert not Instruction.objects.filter(state__in=["waiting", "refused"]).exists()
    for balance in balances(Share.objects.all()):
        assert balance.owed_cents == 0
    there = {kind: {row["id"]: row["amount"] for row in stripe.state()[f"{kind}s"]} for kind in ("refund", "transfer")}
    for kind, rows in there.items():
        done = Instruction.objects.filter(kind=kind, state="done")
        assert dict(done.values_list("stripe_id", "cents")) == rows


def sums(stripe: FakeStripe) -> tuple[int, int, int, int]:
    """Captured, refunded, transferred and reversed at Stripe, in cents."""
    there = stripe.state()["balances"]["platform"]
    return there["captured"], there["refunded"], there["transferred"], there["reversed"]


@pytest.fixture
def collected(charged: Charged, chicken: Listing, carrots: Listing, clock: time_machine.Traveller) -> Pickup:
    """18.00 € of chicken and 3.75 € of carrots: charged on the Friday, handed over on Saturday, which is over."""
    pickup = charged({chicken: 1, carrots: 2}, {chicken: 1500})
    clock.move_to(MORNING)
    hand_over(pickup.parts.get().pk, by=Actor.producer(someone("marie")))
    clock.move_to(EVENING)
    return pickup


def test_a_refund_and_a_transfer_since_the_backup_are_not_made_twice(
    collected: Pickup, carrots: Listing, stripe: FakeStripe, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    dump = back_up(tmp_path)
    strike(collected, carrots)
    settle(clock)
    transfer_due(TILL)
    settle(clock)
    before = sums(stripe)
    assert before[1:3] == (375, 1800)
    restore(dump)
    clock.shift(dt.timedelta(days=2))

    everything_runs(clock)
    assert sums(stripe) == before, "nothing is done before Stripe was looked at"
    said = after_restore()
    assert "refund re_" in said
    assert "transfer tr_" in said
    everything_runs(clock)
    assert sums(stripe) == before
    books_agree(stripe)


def test_what_waited_in_the_backup_and_was_done_since_is_not_done_again(
    collected: Pickup, carrots: Listing, stripe: FakeStripe, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    """The refund stands in the dump, to be carried out; Stripe has long forgotten its key when it is restored."""
    strike(collected, carrots)
    dump = back_up(tmp_path)
    settle(clock)
    restore(dump)
    clock.shift(dt.timedelta(days=3))

    after_restore()
    everything_runs(clock)
    assert sums(stripe)[1] == 375
    books_agree(stripe)


def test_a_line_that_was_taken_off_since_is_off_again_so_that_nobody_refunds_it_anew(
    collected: Pickup, carrots: Listing, stripe: FakeStripe, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    dump = back_up(tmp_path)
    strike(collected, carrots)
    settle(clock)
    restore(dump)
    after_restore()

    struck = collected.parts.get().details.get(listing=carrots)
    assert struck.is_off
    strike(collected, carrots)
    everything_runs(clock)
    assert sums(stripe)[1] == 375
    books_agree(stripe)


@pytest.mark.usefixtures("charged_on_friday")
def test_a_charge_since_the_backup_is_known_with_each_producers_part(
    paid: OrderByCard, chicken: Listing, stripe: FakeStripe, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    """Weighed, charged, handed over and passed on after the backup: 1700 g, more than the estimate."""
    pickup = paid({chicken: 1})
    dump = back_up(tmp_path)
    clock.move_to(FRIDAY)
    prepare(pickup, {chicken: 1700})
    settle(clock)
    clock.move_to(MORNING)
    hand_over(pickup.parts.get().pk, by=Actor.producer(someone("marie")))
    clock.move_to(EVENING)
    transfer_due(TILL)
    settle(clock)
    before = sums(stripe)
    assert before == (2040, 0, 2040, 0)
    restore(dump)

    after_restore("--since", "2026-11-24T10:00")
    everything_runs(clock)
    assert sums(stripe) == before
    books_agree(stripe)
    pickup.refresh_from_db()
    assert pickup.parts.get().handed_over_at, "its producer was paid: it was handed over"


def test_an_order_that_was_paid_since_is_confirmed_whatever_the_hour(
    by_card: OrderByCard, chicken: Listing, stripe: FakeStripe, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    """Its page was opened after the backup: nothing here knows of it, and the market is over when it is restored."""
    pickup = by_card({chicken: 1})
    sweep()
    dump = back_up(tmp_path)
    pay_online(pickup.pk)
    stripe.pay(attempt_of(pickup).session_id)
    restore(dump)
    clock.shift(dt.timedelta(days=2))

    after_restore()
    pickup.refresh_from_db()
    assert not pickup.is_pending
    assert not pickup.is_cancelled
    assert attempt_of(pickup).state == PaymentAttempt.State.AUTHORISED
    assert len(stripe.state()["sessions"]) == 1


def test_a_transfer_that_was_taken_back_since_is_taken_back_once(
    collected: Pickup, stripe: FakeStripe, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    transfer_due(TILL)
    settle(clock)
    dump = back_up(tmp_path)
    clock.shift(dt.timedelta(hours=3))
    take_back(collected.parts.get().pk, reason="C’était une autre commande", by=Actor.producer(someone("marie")))
    settle(clock)
    assert sums(stripe)[3] == 2175
    restore(dump)

    after_restore()
    assert sum(Movement.objects.filter(instruction__kind="reversal").values_list("cents", flat=True)) == -2175
    books_are_stripes(stripe.state()["balances"])


def test_what_somebody_refunded_by_hand_since_is_adopted_too(
    collected: Pickup, stripe: FakeStripe, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    dump = back_up(tmp_path)
    stripe.client().v1.refunds.create({"payment_intent": attempt_of(collected).intent_id, "amount": 500})
    restore(dump)

    after_restore()
    everything_runs(clock)
    assert sums(stripe)[1] == 500
    books_agree(stripe)


def test_an_order_that_was_cancelled_since_is_listed_and_cancelled_again_without_a_second_refund(
    collected: Pickup, charged: Charged, chicken: Listing, stripe: FakeStripe, clock: time_machine.Traveller,
    tmp_path: Path,
) -> None:  # fmt: skip
    clock.move_to(cast.OPEN_TIME)
    second = charged({chicken: 1}, {chicken: 1500})
    dump = back_up(tmp_path)
    cancel_order(second.pk, reason="malade", by=Actor.manager())
    settle(clock)
    restore(dump)

    assert f"of order {second.order.number} nothing is kept" in after_restore()
    cancel_order(second.pk, reason="malade", by=Actor.manager())
    clock.move_to(EVENING)
    everything_runs(clock)
    assert sums(stripe)[1] == 1800
    books_agree(stripe)


def test_orders_placed_since_are_told_to_the_manager(
    collected: Pickup, paid: OrderByCard, chicken: Listing, stripe: FakeStripe, clock: time_machine.Traveller,
    tmp_path: Path,
) -> None:  # fmt: skip
    dump = back_up(tmp_path)
    clock.move_to(cast.OPEN_TIME + dt.timedelta(hours=1))
    number = paid({chicken: 1}, email="odette@example.org").order.number
    restore(dump)
    clock.move_to(EVENING)

    said = after_restore("--since", "2026-11-24T10:30")
    assert f"UNKNOWN here: payment {stripe.state()['payment_intents'][-1]['id']} of order {number}" in said
    [difference] = Comparison.objects.get(till=TILL).differences
    assert (difference["what"], difference["order_number"]) == ("unknown", number)


def test_an_account_that_a_producer_opened_since_is_its_own_again(
    collected: Pickup, payable: Payable, stripe: FakeStripe, tmp_path: Path
) -> None:
    bees = cast.le_rucher(collected.market)
    dump = back_up(tmp_path)
    account = payable(bees)
    restore(dump)
    assert not Account.objects.filter(producer=bees).exists()

    assert f"account {account.stripe_id} of the producer {bees.slug}" in after_restore()
    found = Account.objects.get(producer=bees)
    assert (found.stripe_id, found.can_be_paid) == (account.stripe_id, True)
    assert open_account(bees.pk, till_name=TILL) == found
    assert len(stripe.state()["accounts"]) == 2, "the farm's and the beekeeper's, none twice"
    assert ": 0 adopted" in after_restore()


def test_a_dry_run_adopts_no_account(collected: Pickup, payable: Payable, tmp_path: Path) -> None:
    bees = cast.le_rucher(collected.market)
    dump = back_up(tmp_path)
    account = payable(bees)
    restore(dump)

    assert f"account {account.stripe_id} of the producer {bees.slug}" in after_restore("--dry-run")
    assert not Account.objects.filter(producer=bees).exists()


def test_an_account_that_was_begun_anew_since_takes_the_place_of_the_one_that_left(
    collected: Pickup, chicken: Listing, payable: Payable, stripe: FakeStripe, clock: time_machine.Traveller,
    tmp_path: Path,
) -> None:  # fmt: skip
    """The producer is paid to its new account after the backup; nothing is paid to it again."""
    old = Account.objects.get(producer=chicken.producer)
    dump = back_up(tmp_path)
    stripe.deauthorize(old.stripe_id)
    refresh_account(old.pk)
    new = payable(chicken.producer)
    transfer_due(TILL)
    settle(clock)
    before = sums(stripe)
    assert before[2] == 2175
    restore(dump)

    after_restore()
    assert Account.objects.get(producer=chicken.producer).stripe_id == new.stripe_id != old.stripe_id
    everything_runs(clock)
    assert sums(stripe) == before
    books_agree(stripe)


def test_an_account_of_nobody_we_know_and_a_second_one_are_told_and_left(
    collected: Pickup, chicken: Listing, stripe: FakeStripe, tmp_path: Path
) -> None:
    known = Account.objects.get(producer=chicken.producer).stripe_id
    restore(back_up(tmp_path))
    accounts = stripe.client().v1.accounts
    made = [
        accounts.create({"country": "FR", "metadata": metadata})
        for metadata in ({"producer": "la-fleuriste"}, {"producer": chicken.producer.slug}, {})
    ]

    said = after_restore()
    for account, whose in zip(made, ["la-fleuriste", chicken.producer.slug, "nobody"], strict=True):
        assert f"UNKNOWN here: account {account.id} of" in said
        assert f"{whose}." in said
    assert Account.objects.get().stripe_id == known


def test_a_dry_run_says_the_same_and_writes_nothing(
    collected: Pickup, carrots: Listing, stripe: FakeStripe, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    dump = back_up(tmp_path)
    strike(collected, carrots)
    settle(clock)
    restore(dump)
    rows = Instruction.objects.count()

    tried = after_restore("--dry-run")
    assert Instruction.objects.count() == rows
    assert is_on_hold()
    for line in after_restore().splitlines():
        if "refund" in line or "adopted" in line:
            assert line in tried
    assert not is_on_hold()
    assert ": 0 adopted" in after_restore(), "doing it again adopts nothing more"


def test_a_restored_database_is_recognised_without_anybodys_doing(
    collected: Pickup, by_card: OrderByCard, chicken: Listing, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    sweep()
    assert not is_on_hold()
    dump = back_up(tmp_path)
    restore(dump)

    assert is_on_hold()
    assert next(kind.code for kind in payments_of(collected.market).kinds) == "held"
    clock.move_to(cast.OPEN_TIME)
    with pytest.raises(Refused):
        pay_online(by_card({chicken: 1}, email="odette@example.org").pk)


def test_while_stripe_is_silent_the_books_stay_held(
    collected: Pickup, stripe: FakeStripe, settings: Any, tmp_path: Path
) -> None:
    restore(back_up(tmp_path))
    settings.STRIPE_API = "http://127.0.0.1:9"

    with pytest.raises(CommandError, match="stay on hold"):
        after_restore()
    assert is_on_hold()


def test_whoever_restores_otherwise_holds_the_books_by_hand(collected: Pickup, clock: time_machine.Traveller) -> None:
    call_command("hold_payments", stdout=StringIO())

    assert is_on_hold()
    assert transfer_due(TILL) == 0
    after_restore()
    assert transfer_due(TILL) == 1
