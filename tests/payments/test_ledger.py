"""What the ledger says of each share: taken, the producer's, with it, on its way, owed."""

from __future__ import annotations

import pytest
import time_machine
from django.utils import timezone

from marche.payments.ledger import ShareBalance, balances, out_of_balance, underpaid
from marche.payments.models import PaymentAttempt, Share
from tests import cast
from tests.payments import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid() -> PaymentAttempt:
    """Léa has paid 8.50 € for honey and 2.20 € for carrots; the beekeeper's part of the fee is 20 cents."""
    with time_machine.travel(cast.OPEN_TIME, tick=False):
        market = cast.beauvais()
        day = cast.saturday(market)
        honey = cast.listing(cast.honey(cast.le_rucher(market)), day, price_cents=850)
        carrots = cast.listing(cast.carrots(cast.ferme_du_ru(market)), day, price_cents=440)
        return rows.captured(cast.placed_order({honey: 1, carrots: 1}), fee_cents=20)


@pytest.fixture
def share(paid: PaymentAttempt) -> Share:
    """The beekeeper's."""
    return paid.shares.get(producer__slug="le-rucher")


def balance_of(share: Share) -> ShareBalance:
    [balance] = balances(Share.objects.filter(pk=share.pk))
    return balance


def earn(share: Share) -> None:
    share.earned_at = timezone.now()
    share.save()


def test_nothing_is_due_to_a_producer_before_its_goods_are_handed_over(share):
    balance = balance_of(share)

    assert (balance.captured_cents, balance.fee_cents, balance.net_cents) == (850, 20, 830)
    assert (balance.target_cents, balance.owed_cents, balance.balance_cents) == (0, 0, 830)


def test_what_was_taken_less_the_fee_is_due_once_the_goods_are_handed_over(share):
    earn(share)

    assert (balance_of(share).target_cents, balance_of(share).owed_cents) == (830, 830)


def test_a_fee_that_the_town_pays_takes_nothing_from_the_producer(share):
    Share.objects.filter(pk=share.pk).update(fee_cents=0, earned_at=timezone.now())

    assert balance_of(share).owed_cents == 850


def test_a_fee_that_is_not_known_yet_is_none(share):
    Share.objects.filter(pk=share.pk).update(fee_cents=None, earned_at=timezone.now())

    assert balance_of(share).owed_cents == 850


def test_what_is_on_its_way_is_not_owed_any_more(share):
    earn(share)
    rows.moved({share: 830}, "transfer", state="waiting")

    balance = balance_of(share)
    assert (balance.moved_cents, balance.waiting_cents, balance.owed_cents) == (0, 830, 0)
    assert balance.balance_cents == 830


def test_what_was_transferred_is_with_the_producer(share):
    earn(share)
    rows.moved({share: 830}, "transfer")

    balance = balance_of(share)
    assert (balance.transferred_cents, balance.moved_cents, balance.owed_cents) == (830, 830, 0)
    assert balance.balance_cents == 0


@pytest.mark.parametrize("state", ["refused", "dropped"])
def test_a_transfer_that_was_refused_or_given_up_is_owed_again(share, state):
    earn(share)
    rows.moved({share: 830}, "transfer", state=state)

    assert balance_of(share).owed_cents == 830


def test_a_refund_after_the_transfer_makes_a_debt(share):
    earn(share)
    rows.moved({share: 830}, "transfer")
    rows.moved({share: -300}, "refund")

    balance = balance_of(share)
    assert (balance.refunded_cents, balance.kept_cents, balance.net_cents) == (300, 550, 530)
    assert (balance.owed_cents, balance.balance_cents) == (-300, -300)


def test_a_refund_that_stripe_has_not_made_changes_nothing(share):
    earn(share)
    rows.moved({share: -300}, "refund", state="waiting")

    assert balance_of(share).owed_cents == 830


def test_what_was_taken_back_and_what_was_netted_settle_a_debt(share):
    earn(share)
    rows.moved({share: 830}, "transfer")
    rows.moved({share: -300}, "refund")
    rows.moved({share: -100}, "reversal")
    rows.moved({share: -200}, "netting")

    balance = balance_of(share)
    assert (balance.reversed_cents, balance.netted_cents, balance.owed_cents) == (100, -200, 0)


def test_of_a_payment_that_was_wholly_refunded_the_fee_is_the_towns(share):
    earn(share)
    rows.moved({share: -850}, "refund")

    balance = balance_of(share)
    assert (balance.fee_cents, balance.net_cents, balance.owed_cents) == (0, 0, 0)


@pytest.mark.parametrize("status", ["needs_response", "under_review", "warning_needs_response", "lost"])
def test_while_the_bank_contests_a_payment_nothing_of_it_is_due_to_producers(share, status):
    earn(share)
    rows.contested(share.attempt, status)

    assert (balance_of(share).is_contested, balance_of(share).target_cents) == (True, 0)


@pytest.mark.parametrize("status", ["won", "warning_closed"])
def test_a_dispute_that_took_no_money_holds_nothing_back(share, status):
    earn(share)
    rows.contested(share.attempt, status)

    assert (balance_of(share).is_contested, balance_of(share).owed_cents) == (False, 830)


def test_a_payment_of_which_nothing_was_taken_owes_nothing(share):
    Share.objects.filter(pk=share.pk).update(earned_at=timezone.now())
    share.attempt.instructions.update(state="dropped")

    assert (balance_of(share).kept_cents, balance_of(share).fee_cents, balance_of(share).owed_cents) == (0, 0, 0)


def test_each_share_is_counted_by_itself(paid, share):
    """Two producers, and several movements of each, in one query."""
    farm = paid.shares.get(producer__slug="ferme-du-ru")
    rows.moved({share: -100, farm: -50}, "refund")
    rows.moved({farm: 100}, "transfer")

    found = {balance.share.producer_id: balance for balance in balances(paid.shares.all())}
    assert (found[share.producer_id].kept_cents, found[share.producer_id].moved_cents) == (750, 0)
    assert (found[farm.producer_id].kept_cents, found[farm.producer_id].moved_cents) == (170, 100)


def test_however_many_shares_it_is_one_query(paid, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(balances(paid.shares.select_related("producer"))) == 2


# What became of a share: whether it was handed over, what moved (cents, kind, state), and what the bank said.
FATES: dict[str, tuple[bool, list[tuple[int, str, str]], str]] = {
    "to be handed over": (False, [], ""),
    "handed over": (True, [], ""),
    "on its way": (True, [(830, "transfer", "waiting")], ""),
    "transferred": (True, [(830, "transfer", "done")], ""),
    "transferred, then refunded": (True, [(830, "transfer", "done"), (-850, "refund", "done")], ""),
    "refunded": (True, [(-850, "refund", "done")], ""),
    "contested": (True, [], "needs_response"),
    "contested after the transfer": (True, [(830, "transfer", "done")], "lost"),
    "won": (True, [], "won"),
}


@pytest.mark.parametrize("fate", FATES)
def test_shares_that_are_not_even_are_found_by_the_same_sum(share, fate):
    is_earned, moves, dispute = FATES[fate]
    if is_earned:
        earn(share)
    for cents, kind, state in moves:
        rows.moved({share: cents}, kind, state=state)
    if dispute:
        rows.contested(share.attempt, dispute)

    owed = balance_of(share).owed_cents
    assert [balance.owed_cents for balance in out_of_balance(Share.objects.filter(pk=share.pk))] == (
        [owed] if owed else []
    )


@pytest.mark.parametrize(("due_cents", "is_short"), [(850, True), (550, False), (500, False)])
def test_shares_of_which_less_was_taken_than_is_due_are_found(share, due_cents, is_short):
    rows.moved({share: -300}, "refund")
    Share.objects.filter(pk=share.pk).update(due_cents=due_cents)

    assert [balance.kept_cents for balance in underpaid(Share.objects.filter(pk=share.pk))] == [550] * is_short
