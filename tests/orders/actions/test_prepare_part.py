"""On the bench: a part of an order is weighed, lines are taken off, and it is ready, until it is handed over."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
import time_machine
from django.contrib.auth.models import User
from hypothesis import given
from hypothesis import strategies as st

from marche.common.actors import Actor
from marche.common.refusals import Refused
from orders.actions.cancel_order import cancel_order
from orders.actions.hand_over import hand_over
from orders.actions.prepare_part import prepare_part
from orders.actions.prepare_rest import prepare_rest
from orders.actions.take_back import take_back
from orders.actions.take_payment import take_payment
from orders.manager.presenters.history import history_of
from orders.models import LineDetail, Pickup, ProducerOrder, StrikeReason
from orders.presenters.paying import Payment
from producers.kinds import PaymentMeans
from producers.models import Listing
from producers.units import Unit
from tests import cast
from tests.cast import farm_part
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def lea(goods: dict[str, Listing], clock: time_machine.Traveller) -> Pickup:
    """Carrots (3.30 €) and a chicken (15.68 €, at most 17.64 €) of the farm, a honey elsewhere."""
    pickup = cast.placed_order({goods["carrots"]: 3, goods["chicken"]: 1, goods["honey"]: 1})
    clock.move_to(cast.SEVEN)
    return pickup


def line(pickup: Pickup, title: str) -> LineDetail:
    return farm_part(pickup).details.get(title=title)


def weighed(pickup: Pickup, user: User, grams: int = 1620, *, sure: bool = False, **struck: str) -> bool:
    """Prepare the farm's part with this chicken; `struck` names lines by "carrots" and "chicken"."""
    keys = {"carrots": line(pickup, "Carottes").pk, "chicken": line(pickup, "Poulet fermier").pk}
    by_key = {keys[name]: reason for name, reason in struck.items()}
    said = [keys["chicken"]] if sure else []
    return prepare_part(
        farm_part(pickup).pk, grams={keys["chicken"]: grams}, struck=by_key, sure=said, by=Actor.producer(user)
    )[1]


class TestWeighing:
    def test_makes_the_price_final(self, lea, grower):
        assert weighed(lea, grower)

        chicken = line(lea, "Poulet fermier")
        assert (chicken.final_grams, chicken.final_cents) == (1620, 1588)  # 9.80 × 1.62 = 15.876
        assert line(lea, "Carottes").final_cents == 330
        assert farm_part(lea).prepared_at == cast.SEVEN

    def test_never_costs_more_than_the_maximum(self, lea, grower):
        weighed(lea, grower, grams=2100, sure=True)

        chicken = line(lea, "Poulet fermier")
        assert (chicken.final_grams, chicken.final_cents) == (2100, 1764)

    def test_of_two_pieces_is_of_both_together(self, lea, goods, grower, clock):
        clock.move_to(cast.OPEN_TIME)
        odette = cast.placed_order({goods["chicken"]: 2}, **cast.ODETTE)
        clock.move_to(cast.SEVEN)
        key = line(odette, "Poulet fermier").pk
        prepare_part(farm_part(odette).pk, grams={key: 3300}, struck={}, by=Actor.producer(grower))

        assert line(odette, "Poulet fermier").due_cents == 3234

    def test_concerns_one_stall(self, lea, grower):
        weighed(lea, grower)
        other = lea.parts.get(producer__slug="le-rucher")

        assert (other.prepared_at, other.details.get().final_cents) == (None, None)

    def test_passes_over_the_lines_of_another_stall(self, lea, grower):
        other = lea.parts.get(producer__slug="le-rucher").details.get()
        grams = {line(lea, "Poulet fermier").pk: 1600, other.pk: 1}
        prepare_part(farm_part(lea).pk, grams=grams, struck={other.pk: StrikeReason.OTHER}, by=Actor.producer(grower))
        other.refresh_from_db()

        assert (other.struck, other.final_grams) == ("", None)

    def test_stands_in_the_history(self, lea, grower):
        weighed(lea, grower)

        assert list(lea.changes.values_list("kind", "actor", "user", "at")) == [
            ("prepared", "producer", grower.pk, cast.SEVEN)
        ]
        assert "1,62" in history_of(lea)[-1].sentence

    @given(price=st.integers(1, 100_000), grams=st.integers(1, 20_000))
    def test_rounds_once_halves_up(self, price, grams):
        exact = Fraction(price * grams, 1000)

        assert Fraction(-1, 2) < LineDetail(unit=Unit.WEIGHED).weighed_cents(price, grams) - exact <= Fraction(1, 2)

    def test_rounds_half_a_cent_up(self):
        assert LineDetail(unit=Unit.WEIGHED).weighed_cents(5, 100) == 1


class TestTakingOff:
    def test_leaves_nothing_due_for_the_line(self, lea, grower):
        weighed(lea, grower, carrots=StrikeReason.SHORTAGE)

        assert line(lea, "Carottes").struck == "shortage"
        assert line(lea, "Carottes").due_cents == 0

    def test_needs_no_weight(self, lea, grower):
        key = line(lea, "Poulet fermier").pk
        prepare_part(farm_part(lea).pk, grams={}, struck={key: StrikeReason.QUALITY}, by=Actor.producer(grower))

        assert line(lea, "Poulet fermier").struck == "quality"

    def test_stands_in_the_history_with_its_reason(self, lea, grower):
        weighed(lea, grower, carrots=StrikeReason.SHORTAGE)
        change = lea.changes.get(kind="struck")

        assert change.part == farm_part(lea)
        assert change.reason.startswith("Carottes")

    def test_by_mistake_is_put_right(self, lea, grower):
        weighed(lea, grower, carrots=StrikeReason.SHORTAGE)
        assert weighed(lea, grower)

        assert line(lea, "Carottes").due_cents == 330
        assert "Carottes" in lea.changes.latest("pk").reason

    def test_for_no_known_reason_is_a_fault(self, lea, grower):
        with pytest.raises(ValueError, match="whim"):
            weighed(lea, grower, carrots="whim")


class TestPreparingAgain:
    def test_with_the_same_changes_nothing(self, lea, grower, clock):
        weighed(lea, grower, carrots=StrikeReason.SHORTAGE)
        clock.shift(60)

        assert not weighed(lea, grower, carrots=StrikeReason.SHORTAGE)
        assert lea.changes.count() == 2
        assert farm_part(lea).prepared_at == cast.SEVEN

    def test_with_another_weight_replaces_it(self, lea, grower):
        weighed(lea, grower)
        assert weighed(lea, grower, grams=1500)

        assert line(lea, "Poulet fermier").due_cents == 1470

    def test_after_what_was_noted_is_taken_back(self, lea, grower, clock):
        clock.move_to(cast.NOON)
        hand_over(farm_part(lea).pk, by=Actor.producer(grower))
        take_back(farm_part(lea).pk, reason="Erreur", by=Actor.producer(grower))

        assert weighed(lea, grower)

    def test_keeps_a_line_that_was_missing_as_it_is(self, lea, grower):
        LineDetail.objects.filter(pk=line(lea, "Poulet fermier").pk).update(missing=True)
        prepare_part(farm_part(lea).pk, grams={}, struck={}, by=Actor.producer(grower))

        assert line(lea, "Poulet fermier").final_cents is None


class TestIsRefused:
    def test_for_a_cancelled_order(self, lea, grower):
        cancel_order(lea.pk, reason="empêchement", by=Actor.manager())

        assert refusal(weighed, lea, grower) == "cancelled"

    def test_while_the_resident_has_not_paid(self, lea, grower):
        Pickup.objects.update(to_be_paid_by=cast.SEVEN)

        assert refusal(weighed, lea, grower) == "pending"

    def test_once_it_is_handed_over(self, lea, grower):
        hand_over(farm_part(lea).pk, by=Actor.producer(grower))

        assert refusal(weighed, lea, grower) == "handed-over"

    @pytest.mark.parametrize(
        ("when", "code"),
        [
            (cast.CUTOFF - dt.timedelta(seconds=1), "too-early"),
            (dt.datetime(2026, 12, 5, 12, 0, tzinfo=cast.PARIS), "too-late"),
        ],
        ids=["before orders close", "a week after the market"],
    )
    def test_at_another_time(self, lea, grower, clock, when, code):
        clock.move_to(when)

        assert refusal(weighed, lea, grower) == code

    @pytest.mark.parametrize(
        "when",
        [cast.CUTOFF, dt.datetime(2026, 12, 5, 11, 59, tzinfo=cast.PARIS)],
        ids=["orders close", "just under a week after the market"],
    )
    def test_not_at_the_bounds(self, lea, grower, clock, when):
        clock.move_to(when)

        assert weighed(lea, grower)

    @pytest.mark.parametrize(
        ("grams", "code"),
        [(0, "too-light"), (2, "too-light"), (466, "too-light"), (5401, "too-heavy")],
        ids=["nothing", "kilograms taken for grams", "a third of the smallest", "three times the largest"],
    )
    def test_for_a_weight_that_cannot_be_true(self, lea, grower, grams, code):
        assert refusal(weighed, lea, grower, grams=grams) == code
        assert farm_part(lea).prepared_at is None

    @pytest.mark.parametrize("grams", [467, 5400])
    def test_not_for_one_that_just_can(self, lea, grower, grams):
        assert weighed(lea, grower, grams=grams, sure=True)

    @pytest.mark.parametrize("grams", [467, 1399, 1801, 5400])
    def test_for_one_that_is_not_as_announced_until_it_is_said_to_be_right(self, lea, grower, grams):
        assert refusal(weighed, lea, grower, grams=grams) == "unusual"
        assert farm_part(lea).prepared_at is None

        assert weighed(lea, grower, grams=grams, sure=True)
        assert weighed(lea, grower, grams=grams, carrots="shortage"), "one is not asked again about the same weight"
        assert refusal(weighed, lea, grower, grams=grams + 1 if grams > 1600 else grams - 1) in (
            "unusual",
            "too-light",
            "too-heavy",
        )

    @pytest.mark.parametrize("grams", [1400, 1800])
    def test_not_for_the_smallest_and_the_largest(self, lea, grower, grams):
        assert weighed(lea, grower, grams=grams)

    def test_for_one_piece_of_three_on_the_scale(self, lea, goods, grower, clock):
        clock.move_to(cast.OPEN_TIME)
        odette = cast.placed_order({goods["chicken"]: 3}, **cast.ODETTE)
        clock.move_to(cast.SEVEN)
        part, key = farm_part(odette), line(odette, "Poulet fermier").pk
        with pytest.raises(Refused) as refused:
            prepare_part(part.pk, grams={key: 1620}, struck={}, by=Actor.producer(grower))

        [problem] = refused.value.problems
        assert (problem.code, problem.about) == ("unusual", goods["chicken"].pk)
        assert "4,2\xa0kg" in problem.sentence

    def test_without_a_weight_naming_the_product(self, lea, grower, goods):
        with pytest.raises(Refused) as refused:
            prepare_part(farm_part(lea).pk, grams={}, struck={}, by=Actor.producer(grower))

        [problem] = refused.value.problems
        assert (problem.code, problem.about) == ("to-weigh", goods["chicken"].pk)
        assert "Poulet fermier" in problem.sentence

    def test_when_more_was_paid_than_it_comes_to(self, lea, grower):
        take_payment(farm_part(lea).pk, payment=Payment(PaymentMeans.CARD, 2000), by=Actor.producer(grower))

        assert refusal(weighed, lea, grower) == "too-much"
        assert line(lea, "Poulet fermier").final_grams is None


class TestTheRest:
    @pytest.fixture
    def ines(self, lea: Pickup, goods: dict[str, Listing], clock: time_machine.Traveller) -> Pickup:
        """Who ordered nothing that is weighed."""
        clock.move_to(cast.OPEN_TIME)
        pickup = cast.placed_order({goods["carrots"]: 1}, name="Inès Royer", email="ines@example.org")
        clock.move_to(cast.SEVEN)
        return pickup

    def rest(self, pickup: Pickup, user: User) -> int:
        return prepare_rest(pickup.day_id, producer_id=farm_part(pickup).producer_id, by=Actor.producer(user))

    def test_is_ready_when_there_is_nothing_to_weigh(self, lea, ines, grower):
        assert self.rest(ines, grower) == 1

        assert (farm_part(ines).prepared_at, farm_part(lea).prepared_at) == (cast.SEVEN, None)
        assert line(ines, "Carottes").final_cents == 110
        assert ines.parts.get().changes.get().kind == "prepared"

    def test_is_ready_once(self, ines, grower):
        self.rest(ines, grower)

        assert self.rest(ines, grower) == 0

    def test_of_another_stall_stays(self, lea, ines, grower):
        self.rest(ines, grower)

        assert lea.parts.get(producer__slug="le-rucher").prepared_at is None

    def test_keeps_what_was_taken_off(self, ines, grower):
        LineDetail.objects.filter(part__pickup=ines).update(struck="mistake")
        self.rest(ines, grower)

        assert line(ines, "Carottes").struck == "mistake"

    def test_leaves_what_is_cancelled_or_not_paid(self, lea, ines, goods, grower, clock):
        cancel_order(ines.pk, reason="empêchement", by=Actor.manager())
        clock.move_to(cast.OPEN_TIME)
        zoe = cast.placed_order({goods["carrots"]: 1}, name="Zoé", email="zoe@example.org")
        Pickup.objects.filter(pk=zoe.pk).update(to_be_paid_by=cast.SEVEN)
        clock.move_to(cast.SEVEN)

        assert self.rest(lea, grower) == 0

    def test_before_orders_close_is_refused(self, ines, grower, clock):
        clock.move_to(cast.OPEN_TIME)

        assert refusal(self.rest, ines, grower) == "too-early"


class TestPaidByCard:
    """The farm's part is paid on the site."""

    @pytest.fixture
    def paid(self, lea: Pickup) -> Pickup:
        ProducerOrder.objects.filter(pk=farm_part(lea).pk).update(online=True)
        return lea

    def test_nothing_is_taken_at_the_stall(self, paid, grower):
        cash = Payment(PaymentMeans.CASH, 330)

        assert refusal(take_payment, farm_part(paid).pk, payment=cash, by=Actor.producer(grower)) == "paid-online"
        assert refusal(hand_over, farm_part(paid).pk, payment=cash, by=Actor.producer(grower)) == "paid-online"
        assert farm_part(paid).handed_over_at is None

    def test_what_nobody_weighed_counts_as_estimated_once_handed_over(self, paid, grower):
        hand_over(farm_part(paid).pk, by=Actor.producer(grower))

        assert farm_part(paid).prepared_at == cast.SEVEN
        assert line(paid, "Poulet fermier").final_cents == 1568

    def test_what_was_weighed_stays_as_weighed(self, paid, grower):
        weighed(paid, grower)
        hand_over(farm_part(paid).pk, by=Actor.producer(grower))

        assert line(paid, "Poulet fermier").final_cents == 1588

    def test_what_was_missing_is_there_again_when_it_is_taken_back_before_the_card_is_charged(self, paid, grower):
        missing = [line(paid, "Carottes").pk]
        hand_over(farm_part(paid).pk, missing=missing, by=Actor.producer(grower))
        take_back(farm_part(paid).pk, reason="Erreur", by=Actor.producer(grower))

        assert farm_part(paid).handed_over_at is None
        assert not line(paid, "Carottes").missing

    def test_what_is_paid_at_the_stall_stays_open_until_it_is_paid(self, lea, grower):
        hand_over(farm_part(lea).pk, by=Actor.producer(grower))

        assert farm_part(lea).prepared_at is None
        assert line(lea, "Poulet fermier").final_cents is None


def test_an_order_that_is_not_paid_yet_is_not_handed_over(lea, grower):
    Pickup.objects.update(to_be_paid_by=cast.SEVEN)

    assert refusal(hand_over, farm_part(lea).pk, by=Actor.producer(grower)) == "pending"


def test_at_the_stall_no_more_is_paid_than_was_weighed(lea, grower):
    weighed(lea, grower)

    assert (
        refusal(take_payment, farm_part(lea).pk, payment=Payment(PaymentMeans.CASH, 1919), by=Actor.producer(grower))
        == "too-much"
    )
    assert take_payment(farm_part(lea).pk, payment=Payment(PaymentMeans.CASH, 1918), by=Actor.producer(grower))[1]


def test_a_second_scan_finds_what_was_missing_before_a_line_was_taken_off(lea, grower):
    missing = [line(lea, "Carottes").pk]
    hand_over(farm_part(lea).pk, missing=missing, by=Actor.producer(grower))
    LineDetail.objects.filter(pk__in=missing).update(struck="complaint")

    assert not hand_over(farm_part(lea).pk, by=Actor.producer(grower))[1]
