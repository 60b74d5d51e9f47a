"""What each producer is paid: its share, its part of the fee, and what it must give back."""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection

from dev.fakestripe import FakeStripe
from marche.common.actors import Actor
from marche.markets.models import Market, MarketDay
from marche.payments.actions.note_dispute import note_dispute
from marche.payments.actions.refresh_account import refresh_account
from marche.payments.actions.transfer_due import transfer_due
from marche.payments.ledger import ShareBalance, balances
from marche.payments.models import Account, Instruction, Share
from orders.actions.hand_over import hand_over
from orders.actions.prepare_rest import prepare_rest
from orders.actions.take_back import take_back
from orders.models import Pickup
from producers.models import Listing
from tests import cast
from tests.orders.online.by_card import (
    EVENING,
    FRIDAY,
    MORNING,
    OrderByCard,
    Payable,
    attempt_of,
    charge,
    prepare,
    settle,
    someone,
    strike,
)
from tests.stripe import TILL


@pytest.fixture
def honey(honey: Listing, payable: Payable) -> Listing:
    """Of the beekeeper, who has an account here."""
    payable(honey.producer)
    return honey


@pytest.fixture
def collected(
    chicken: Listing, honey: Listing, paid: OrderByCard, clock: time_machine.Traveller, day: MarketDay
) -> Pickup:
    """18.00 € of chicken and 8.50 € of honey: handed over, taken, and it is the evening of the market."""
    return collect(paid({chicken: 1, honey: 1}), chicken, honey, clock)


def collect(pickup: Pickup, chicken: Listing, honey: Listing, clock: time_machine.Traveller) -> Pickup:
    clock.move_to(FRIDAY)
    prepare(pickup, {chicken: 1500})
    prepare_rest(pickup.day_id, producer_id=honey.producer_id, by=Actor.producer(someone("rucher")))
    clock.move_to(MORNING)
    for part in pickup.parts.all():
        hand_over(part.pk, by=Actor.producer(someone("marie")))
    charge(clock)
    clock.move_to(EVENING)
    return pickup


def pay_out(clock: time_machine.Traveller) -> None:
    transfer_due(TILL)
    settle(clock)


def balance_of(listing: Listing, pickup: Pickup) -> ShareBalance:
    [found] = balances(Share.objects.filter(producer=listing.producer, attempt__order=pickup.pk))
    return found


def received(stripe: FakeStripe, listing: Listing) -> int:
    """What is in the producer's account at Stripe, in cents."""
    account = Account.objects.get(producer=listing.producer)
    net: int = stripe.state()["balances"]["accounts"][account.stripe_id]["net"]
    return net


def test_each_producer_is_paid_its_share_and_the_town_pays_the_fee(
    collected: Pickup, chicken: Listing, honey: Listing, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pay_out(clock)

    assert (received(stripe, chicken), received(stripe, honey)) == (1800, 850)
    fee = attempt_of(collected).fee_cents or 0
    assert fee > 0
    assert stripe.state()["balances"]["platform"]["net"] == -fee


def test_producers_who_pay_the_fee_share_it_to_the_cent(
    chicken: Listing, honey: Listing, paid: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    Market.objects.update(fee_payer=Market.FeePayer.PRODUCERS)
    pickup = collect(paid({chicken: 1, honey: 1}), chicken, honey, clock)
    pay_out(clock)

    fee = attempt_of(pickup).fee_cents or 0
    shares = Share.objects.filter(attempt__order=pickup.pk)
    assert sum(share.fee_cents or 0 for share in shares) == fee == 65  # 1.5 % of 26.50 € and 0.25 €, at this fake
    assert received(stripe, chicken) + received(stripe, honey) == 2650 - fee
    assert stripe.state()["balances"]["platform"]["net"] == 0


def test_what_was_not_handed_over_is_not_paid(
    chicken: Listing, honey: Listing, paid: OrderByCard, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = collect(paid({chicken: 1, honey: 1}), chicken, honey, clock)
    take_back(
        pickup.parts.get(producer=honey.producer).pk, reason="It was another order", by=Actor.producer(someone("marie"))
    )
    pay_out(clock)

    assert (received(stripe, chicken), received(stripe, honey)) == (1800, 0)


def test_paying_twice_pays_once(
    collected: Pickup, chicken: Listing, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    for _twice in range(2):
        pay_out(clock)

    assert received(stripe, chicken) == 1800
    assert Instruction.objects.filter(kind="transfer").count() == 2


def test_a_line_given_back_after_the_transfer_is_taken_back_from_its_producer(
    collected: Pickup, chicken: Listing, honey: Listing, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pay_out(clock)
    strike(collected, honey)
    settle(clock)

    assert (received(stripe, chicken), received(stripe, honey)) == (1800, 0)
    assert stripe.state()["balances"]["platform"]["refunded"] == 850
    kinds = Instruction.objects.order_by("done_at", "pk").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["refund", "reversal"], "the resident first"


def test_what_stripe_can_not_take_back_is_a_debt_and_netted_with_the_next_transfer(
    collected: Pickup, chicken: Listing, honey: Listing, paid: OrderByCard, stripe: FakeStripe,
    clock: time_machine.Traveller,
) -> None:  # fmt: skip
    clock.move_to(cast.OPEN_TIME)
    second = paid({chicken: 1, honey: 2})
    clock.move_to(EVENING)
    pay_out(clock)
    stripe.payout(Account.objects.get(producer=honey.producer).stripe_id)
    strike(collected, honey)
    settle(clock)
    assert balance_of(honey, collected).owed_cents == -850

    collect(second, chicken, honey, clock)
    pay_out(clock)
    assert balance_of(honey, collected).owed_cents == 0
    assert balance_of(honey, second).owed_cents == 0
    assert received(stripe, honey) == 1700 - 850
    assert Instruction.objects.get(kind="reversal").state == Instruction.State.DROPPED
    pay_out(clock)
    assert received(stripe, honey) == 1700 - 850


def test_a_payment_that_is_contested_is_not_passed_on_until_the_bank_has_decided(
    collected: Pickup, chicken: Listing, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    collected.market.managers.add(someone("claire"))
    dispute = stripe.dispute(attempt_of(collected).charge_id)
    note_dispute(dispute["id"], till=TILL)
    pay_out(clock)
    assert received(stripe, chicken) == 0

    stripe.close_dispute(dispute["id"], "won")
    note_dispute(dispute["id"], till=TILL)
    pay_out(clock)
    assert received(stripe, chicken) == 1800


def test_what_the_bank_took_back_is_not_passed_on(
    collected: Pickup, chicken: Listing, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    dispute = stripe.dispute(attempt_of(collected).charge_id)
    stripe.close_dispute(dispute["id"], "lost")
    note_dispute(dispute["id"], till=TILL)
    pay_out(clock)

    assert received(stripe, chicken) == 0


def test_an_account_that_is_restricted_is_paid_when_it_is_active_again(
    collected: Pickup, chicken: Listing, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    account = Account.objects.get(producer=chicken.producer)
    stripe.restrict(account.stripe_id)
    refresh_account(account.pk)
    pay_out(clock)
    assert received(stripe, chicken) == 0

    stripe.activate(account.stripe_id)
    refresh_account(account.pk)
    pay_out(clock)
    assert received(stripe, chicken) == 1800


def test_a_producer_who_cannot_be_paid_does_not_keep_the_others_unpaid(
    collected: Pickup, chicken: Listing, honey: Listing, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    first, other = sorted((chicken, honey), key=lambda listing: listing.producer_id)
    ruin = Share.objects.get(producer=first.producer).pk
    with connection.cursor() as cursor:  # the table refuses what this producer is owed; it goes with the transaction
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE payments_movement ADD CONSTRAINT ruin CHECK (share_id <> {ruin}) NOT VALID")
    pay_out(clock)

    assert received(stripe, first) == 0
    assert received(stripe, other) > 0
