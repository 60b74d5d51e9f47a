"""At the stall: a part of an order is handed over and paid, once, and put right when it was a mistake."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError

from marche.common.actors import Actor
from orders.actions.cancel_order import cancel_order
from orders.actions.hand_over import hand_over
from orders.actions.take_back import take_back
from orders.actions.take_payment import take_payment
from orders.models import OrderChange, Pickup
from orders.presenters.paying import Payment
from producers.kinds import PaymentMeans
from tests import cast
from tests.cast import farm_part
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
CHEQUE = Payment(PaymentMeans.CHEQUE, 330)


@pytest.fixture
def lea(clock: time_machine.Traveller) -> Pickup:
    """Carrots (3.30 €) and a chicken (15.68 €, at most 17.64 €) of the farm, a honey elsewhere."""
    market = cast.beauvais()
    day, farm = cast.saturday(market), cast.ferme_du_ru(market)
    carrots = cast.listing(cast.carrots(farm), day)
    chicken = cast.listing(cast.chicken(farm), day, price_cents=980)
    honey = cast.listing(cast.honey(cast.le_rucher(market)), day, price_cents=850)
    pickup = cast.placed_order({carrots: 3, chicken: 1, honey: 1})
    clock.move_to(cast.NINE)
    return pickup


def line(pickup: Pickup, title: str) -> int:
    return farm_part(pickup).details.get(title=title).pk


def state(pickup: Pickup) -> tuple[Any, ...]:
    part = farm_part(pickup)
    return part.handed_over_at, part.paid_at, part.paid_means, part.paid_cents


class TestHandingOver:
    def test_with_a_payment_notes_both(self, lea, grower):
        part, is_new = hand_over(farm_part(lea).pk, payment=CHEQUE, by=Actor.producer(grower))

        assert is_new
        assert state(lea) == (cast.NINE, cast.NINE, "cheque", 330)
        assert part.pickup == lea

    def test_without_a_payment_leaves_it_to_be_paid(self, lea, grower):
        hand_over(farm_part(lea).pk, by=Actor.producer(grower))

        assert state(lea) == (cast.NINE, None, "", None)

    def test_concerns_one_stall(self, lea, grower):
        hand_over(farm_part(lea).pk, payment=CHEQUE, by=Actor.producer(grower))

        assert lea.parts.get(producer__slug="le-rucher").handed_over_at is None

    def test_a_second_scan_changes_nothing_and_says_so(self, lea, grower, clock):
        hand_over(farm_part(lea).pk, payment=CHEQUE, by=Actor.producer(grower))
        clock.move_to(cast.NINE + dt.timedelta(minutes=1))
        _part, is_new = hand_over(farm_part(lea).pk, payment=CHEQUE, by=Actor.producer(grower))

        assert not is_new
        assert state(lea) == (cast.NINE, cast.NINE, "cheque", 330)
        assert lea.changes.count() == 2

    def test_says_which_lines_were_missing(self, lea, grower):
        hand_over(farm_part(lea).pk, missing=[line(lea, "Poulet fermier")], by=Actor.producer(grower))

        assert farm_part(lea).details.filter(missing=True).values_list("title", flat=True)[0] == "Poulet fermier"
        assert "Poulet fermier" in lea.changes.get().reason

    def test_never_strikes_the_line_of_another_stall(self, lea, grower):
        other = lea.parts.get(producer__slug="le-rucher").details.get()
        hand_over(farm_part(lea).pk, missing=[other.pk], by=Actor.producer(grower))
        other.refresh_from_db()

        assert not other.missing

    def test_notes_who_did_it_and_when(self, lea, grower):
        hand_over(farm_part(lea).pk, payment=CHEQUE, by=Actor.producer(grower))

        rows = lea.changes.values_list("kind", "actor", "user", "at")
        assert list(rows) == [
            ("handed-over", "producer", grower.pk, cast.NINE),
            ("paid", "producer", grower.pk, cast.NINE),
        ]


class TestIsRefused:
    def test_for_a_cancelled_order(self, lea, grower):
        cancel_order(lea.pk, reason="empêchement", by=Actor.manager())

        assert refusal(hand_over, farm_part(lea).pk, by=Actor.producer(grower)) == "cancelled"

    @pytest.mark.parametrize(
        ("when", "code"),
        [
            (dt.datetime(2026, 11, 28, 1, 59, tzinfo=cast.PARIS), "too-early"),
            (dt.datetime(2026, 12, 5, 12, 0, tzinfo=cast.PARIS), "too-late"),
        ],
        ids=["more than six hours before the market", "a week after it"],
    )
    def test_at_another_time(self, lea, grower, clock, when, code):
        clock.move_to(when)

        assert refusal(hand_over, farm_part(lea).pk, by=Actor.producer(grower)) == code

    @pytest.mark.parametrize(
        "when",
        [dt.datetime(2026, 11, 28, 2, 0, tzinfo=cast.PARIS), dt.datetime(2026, 12, 5, 11, 59, tzinfo=cast.PARIS)],
        ids=["six hours before the market", "just under a week after it"],
    )
    def test_not_at_the_bounds(self, lea, grower, clock, when):
        clock.move_to(when)

        assert hand_over(farm_part(lea).pk, by=Actor.producer(grower))[1]

    def test_for_more_than_the_maximum(self, lea, grower):
        most = farm_part(lea).max_cents

        assert (
            refusal(
                hand_over, farm_part(lea).pk, payment=Payment(PaymentMeans.CASH, most + 1), by=Actor.producer(grower)
            )
            == "too-much"
        )
        assert state(lea) == (None, None, "", None)

    def test_for_more_than_the_maximum_of_what_was_there(self, lea, grower):
        missing = [line(lea, "Poulet fermier")]
        paid = Payment(PaymentMeans.CASH, 331)

        assert (
            refusal(hand_over, farm_part(lea).pk, missing=missing, payment=paid, by=Actor.producer(grower))
            == "too-much"
        )
        assert not farm_part(lea).details.filter(missing=True).exists()

    @pytest.mark.parametrize(
        "other",
        [Payment(PaymentMeans.CARD, 330), Payment(PaymentMeans.CHEQUE, 329)],
        ids=["other means", "other amount"],
    )
    def test_for_another_payment_than_the_one_noted(self, lea, grower, other):
        take_payment(farm_part(lea).pk, payment=CHEQUE, by=Actor.producer(grower))

        assert refusal(hand_over, farm_part(lea).pk, payment=other, by=Actor.producer(grower)) == "paid-already"
        assert state(lea) == (None, cast.NINE, "cheque", 330)


class TestPaying:
    def test_may_come_before_the_goods(self, lea, grower):
        take_payment(farm_part(lea).pk, payment=CHEQUE, by=Actor.producer(grower))

        assert state(lea) == (None, cast.NINE, "cheque", 330)

    def test_may_come_after_them(self, lea, grower, clock):
        hand_over(farm_part(lea).pk, by=Actor.producer(grower))
        later = cast.NINE + dt.timedelta(days=2)
        clock.move_to(later)
        take_payment(farm_part(lea).pk, payment=CHEQUE, by=Actor.producer(grower))

        assert state(lea) == (cast.NINE, later, "cheque", 330)

    def test_the_maximum_of_a_weighed_piece_is_paid(self, lea, grower):
        most = farm_part(lea).max_cents

        assert take_payment(farm_part(lea).pk, payment=Payment(PaymentMeans.CARD, most), by=Actor.producer(grower))[1]


class TestTakingBack:
    def test_makes_it_an_order_to_hand_over_again(self, lea, grower):
        hand_over(farm_part(lea).pk, missing=[line(lea, "Carottes")], payment=CHEQUE, by=Actor.producer(grower))
        _part, is_new = take_back(farm_part(lea).pk, reason="Erreur", by=Actor.producer(grower))

        assert is_new
        assert state(lea) == (None, None, "", None)
        assert not farm_part(lea).details.filter(missing=True).exists()

    def test_stays_in_the_history(self, lea, grower):
        hand_over(farm_part(lea).pk, by=Actor.producer(grower))
        take_back(farm_part(lea).pk, reason="Erreur", by=Actor.producer(grower))

        last = OrderChange.objects.latest("pk")
        assert (last.kind, last.reason, last.user) == ("taken-back", "Erreur", grower)

    def test_of_nothing_writes_nothing(self, lea, grower):
        assert take_back(farm_part(lea).pk, reason="Erreur", by=Actor.producer(grower))[1] is False
        assert not lea.changes.exists()

    def test_lets_the_order_be_cancelled(self, lea, grower):
        hand_over(farm_part(lea).pk, by=Actor.producer(grower))
        take_back(farm_part(lea).pk, reason="Erreur", by=Actor.producer(grower))

        assert cancel_order(lea.pk, reason="empêchement", by=Actor.manager()).is_cancelled


def test_other_goods_than_those_noted_are_refused_and_nothing_is_added(lea, grower):
    hand_over(farm_part(lea).pk, by=Actor.producer(grower))
    without_chicken = {"missing": [line(lea, "Poulet fermier")], "payment": CHEQUE}

    assert (
        refusal(hand_over, farm_part(lea).pk, by=Actor.producer(grower), **without_chicken) == "handed-over-otherwise"
    )
    assert state(lea) == (cast.NINE, None, "", None)


def test_what_was_paid_before_is_never_more_than_what_is_then_handed_over(lea, grower):
    take_payment(farm_part(lea).pk, payment=Payment(PaymentMeans.CARD, 1800), by=Actor.producer(grower))

    missing = [line(lea, "Poulet fermier")]

    assert refusal(hand_over, farm_part(lea).pk, missing=missing, by=Actor.producer(grower)) == "too-much"
    assert state(lea) == (None, cast.NINE, "card", 1800)


@pytest.mark.parametrize("noted", ["handed over", "paid"])
def test_an_order_of_which_a_stall_noted_something_is_not_cancelled(lea, grower, noted):
    if noted == "paid":
        take_payment(farm_part(lea).pk, payment=CHEQUE, by=Actor.producer(grower))
    else:
        hand_over(farm_part(lea).pk, by=Actor.producer(grower))

    assert refusal(cancel_order, lea.pk, reason="empêchement", by=Actor.manager()) == "collected"
    assert lea.parts.filter(cancelled_at=None).count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"paid_cents": 100},
        {"paid_at": cast.NINE, "paid_cents": 0, "paid_means": "cash"},
        {"paid_at": cast.NINE, "paid_cents": 100, "paid_means": "gold"},
        {"paid_at": cast.NINE, "paid_cents": 1_000_000, "paid_means": "cash"},
        {"cancelled_at": cast.NINE, "handed_over_at": cast.NINE},
    ],
    ids=["an amount without a time", "zero", "unknown means", "more than the maximum", "cancelled and handed over"],
)
def test_the_database_refuses(lea, wrong):
    with pytest.raises(IntegrityError):
        lea.parts.update(**wrong)
