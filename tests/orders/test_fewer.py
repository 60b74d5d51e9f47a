"""There is less of a line than was ordered: three lettuces, and two of them are there."""

from __future__ import annotations

import json
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from marche.common.actors import Actor
from marche.common.refusals import Refused
from marche.markets.models import MarketDay
from marche.outbox.models import Message
from marche.outbox.rendering import render
from orders.actions.cancel_order import cancel_order
from orders.actions.hand_over import hand_over
from orders.actions.prepare_part import prepare_part
from orders.actions.take_back import take_back
from orders.documents.my_data import my_data_json
from orders.manager.presenters.history import history_of
from orders.models import LineDetail, Pickup
from orders.presenters.paying import Payment
from orders.presenters.wording import line_words
from orders.steps.give import Given
from producers.kinds import PaymentMeans
from producers.models import Listing
from producers.units import Unit
from tests import cast
from tests.orders.fewer_cast import line_of, part_of, sold
from tests.orders.manager.people import text_of

pytestmark = pytest.mark.django_db
SALES = {
    # unit, price, ordered, there: what they cost, in words
    "pieces": ({"unit": Unit.PIECE, "step_grams": None}, 120, 3, 2, 240, "2 of 3"),
    "bunches": ({"unit": Unit.BUNCH, "step_grams": None}, 150, 3, 1, 150, "1 bunch of 3 bunches"),
    "packs": ({"unit": Unit.PACK, "net_grams": 250, "step_grams": None}, 290, 4, 3, 870, "3 × 250 g of 4 × 250 g"),
    "steps": ({"unit": Unit.WEIGHT, "step_grams": 500}, 375, 3, 1, 188, "500 g of 1.5 kg"),
}


@pytest.fixture
def member(day: MarketDay) -> User:
    return cast.member("marie@example.org")


@pytest.fixture
def chicken(day: MarketDay) -> Listing:
    """12 € a kilogram, 1.4 to 1.8 kg: at most 21.60 € each."""
    yard = cast.producer("La Basse-cour", "basse-cour", 3, day.market)
    return cast.listing(cast.chicken(yard), day, price_cents=1200)


def bench(pickup: Pickup, user: User, units: int, grams: int | None = None, **more: Any) -> bool:
    pk = line_of(pickup).pk
    weighed = {} if grams is None else {pk: grams}
    return prepare_part(
        part_of(pickup).pk, grams=weighed, struck={}, units={pk: units}, by=Actor.producer(user), **more
    )[1]


def stall(pickup: Pickup, user: User, units: int, grams: int | None = None, **more: Any) -> bool:
    return hand_over(
        part_of(pickup).pk, given={line_of(pickup).pk: Given(units, grams)}, by=Actor.producer(user), **more
    )[1]


def said(pickup: Pickup) -> str:
    with translation.override("en"):
        return line_words(line_of(pickup)).replace("\xa0", " ")


@pytest.mark.parametrize(("unit", "price", "ordered", "there", "due", "words"), SALES.values(), ids=SALES.keys())
class TestOfEverythingThatIsSold:
    def test_what_is_set_aside_is_owed_and_no_more(
        self, day, member, clock, unit, price, ordered, there, due, words
    ) -> None:
        pickup = cast.placed_order({sold(day, price, **unit): ordered})
        clock.move_to(cast.AFTER_CUTOFF)
        bench(pickup, member, there)

        line = line_of(pickup)
        assert (line.units, line.due_cents, line.most_cents, said(pickup)) == (there, due, due, words)

    def test_what_is_given_at_the_stall_is_owed_and_no_more(
        self, day, member, clock, unit, price, ordered, there, due, words
    ) -> None:
        pickup = cast.placed_order({sold(day, price, **unit): ordered})
        clock.move_to(cast.SEVEN)
        stall(pickup, member, there, payment=Payment(PaymentMeans.CASH, due))

        line = line_of(pickup)
        assert (line.units, line.due_cents, line.most_cents, said(pickup)) == (there, due, due, words)


class TestOfWeighedPieces:
    @pytest.fixture
    def lea(self, chicken: Listing, clock: time_machine.Traveller) -> Pickup:
        """Three chickens: 57.60 €, at most 64.80 €."""
        pickup = cast.placed_order({chicken: 3})
        clock.move_to(cast.AFTER_CUTOFF)
        return pickup

    def test_two_of_three_are_owed_by_their_weight(self, lea, member):
        bench(lea, member, 2, 3240)

        assert (line_of(lea).due_cents, said(lea)) == (3888, "2 of 3, 3.24 kg")

    def test_the_maximum_is_that_of_the_pieces_that_there_are(self, lea, member):
        bench(lea, member, 2, 3600)
        assert line_of(lea).due_cents == 2 * 2160

    def test_limits_of_the_weight_are_those_of_the_pieces_that_there_are(self, lea, member):
        with pytest.raises(Refused) as refused:
            bench(lea, member, 1, 3 * 1800 + 1)

        assert refused.value.problems[0].code == "too-heavy"

    def test_at_the_stall_fewer_are_weighed_again(self, lea, member, clock):
        bench(lea, member, 3, 4860)
        clock.move_to(cast.SEVEN)
        with pytest.raises(Refused) as refused:
            stall(lea, member, 2)
        assert refused.value.problems[0].code == "to-weigh"

        stall(lea, member, 2, 3300)

        assert (line_of(lea).due_cents, said(lea)) == (3960, "2 of 3, 3.3 kg")

    def test_what_is_taken_back_weighs_again_what_it_weighed(self, lea, member, clock):
        bench(lea, member, 3, 4860)
        clock.move_to(cast.SEVEN)
        stall(lea, member, 2, 3300)

        take_back(part_of(lea).pk, reason="Noted by mistake", by=Actor.producer(member))

        assert (line_of(lea).units, line_of(lea).grams, line_of(lea).due_cents) == (3, 4860, 5832)


class TestOfThreeLettuces:
    @pytest.fixture
    def lettuce(self, day: MarketDay) -> Listing:
        return sold(day, 120, unit=Unit.PIECE, step_grams=None, title="Laitue")

    @pytest.fixture
    def lea(self, lettuce: Listing, clock: time_machine.Traveller) -> Pickup:
        pickup = cast.placed_order({lettuce: 3})
        clock.move_to(cast.AFTER_CUTOFF)
        return pickup

    def test_none_set_aside_is_a_line_taken_off(self, lea, member):
        bench(lea, member, 0)

        assert (line_of(lea).struck, line_of(lea).prepared_quantity, line_of(lea).due_cents) == ("shortage", None, 0)

    def test_none_given_is_a_line_that_is_missing(self, lea, member, clock):
        clock.move_to(cast.SEVEN)
        stall(lea, member, 0)

        assert (line_of(lea).missing, line_of(lea).given_quantity, line_of(lea).due_cents) == (True, None, 0)

    def test_all_of_them_is_no_shortage(self, lea, member, clock):
        bench(lea, member, 3)
        clock.move_to(cast.SEVEN)
        stall(lea, member, 3)

        assert (line_of(lea).prepared_quantity, line_of(lea).given_quantity, line_of(lea).due_cents) == (
            None,
            None,
            360,
        )

    @pytest.mark.parametrize("units", [-1, 4])
    def test_more_than_was_ordered_is_refused(self, lea, member, clock, units):
        with pytest.raises(Refused):
            bench(lea, member, units)
        clock.move_to(cast.SEVEN)
        with pytest.raises(Refused):
            stall(lea, member, units)

    def test_more_than_was_set_aside_is_refused_at_the_stall(self, lea, member, clock):
        bench(lea, member, 2)
        clock.move_to(cast.SEVEN)

        with pytest.raises(Refused):
            stall(lea, member, 3)

    def test_prepared_anew_they_are_all_there_again(self, lea, member):
        bench(lea, member, 2)

        assert bench(lea, member, 3)
        assert (line_of(lea).units, line_of(lea).due_cents) == (3, 360)

    def test_twice_is_the_same_as_once(self, lea, member, clock):
        assert bench(lea, member, 2)
        assert not bench(lea, member, 2)
        clock.move_to(cast.SEVEN)
        assert stall(lea, member, 1)
        assert not stall(lea, member, 1)
        with pytest.raises(Refused):
            stall(lea, member, 2)

    def test_taken_back_at_the_stall_what_was_set_aside_is_there_again(self, lea, member, clock):
        bench(lea, member, 2)
        clock.move_to(cast.SEVEN)
        stall(lea, member, 1)

        take_back(part_of(lea).pk, reason="Noted by mistake", by=Actor.producer(member))

        assert (line_of(lea).units, line_of(lea).due_cents) == (2, 240)

    def test_more_than_they_cost_is_not_taken(self, lea, member, clock):
        clock.move_to(cast.SEVEN)

        with pytest.raises(Refused) as refused:
            stall(lea, member, 2, payment=Payment(PaymentMeans.CASH, 360))

        assert "2,40" in refused.value.problems[0].sentence.replace(".", ",")

    def test_the_history_says_how_many(self, lea, member, clock):
        bench(lea, member, 2)
        clock.move_to(cast.SEVEN)
        stall(lea, member, 1)
        told = " ".join(event.sentence for event in history_of(lea)).replace("\xa0", " ")

        assert "Laitue (2 sur 3)" in told
        assert "Laitue 1 sur 3" in told

    def test_the_resident_is_told_by_mail_and_reads_it_on_the_ticket(self, lea, member):
        bench(lea, member, 2)
        rendered = render(Message.objects.get(kind="part-changed"))
        mail = str(rendered.body).replace("\xa0", " ")

        assert "il y en a moins que commandé (La Ferme du Ru)" in str(rendered.subject)
        assert "Motif" not in mail
        assert "Laitue : vous en aurez 2 sur 3" in mail
        assert "Laitue : 2 sur 3" in text_of(Client().get(lea.get_absolute_url())).replace("\xa0", " ")

    def test_the_resident_takes_away_how_many_were_given(self, lea, member):
        lea.order.user = member
        lea.order.save(update_fields=["user"])
        bench(lea, member, 2)
        (line,) = json.loads(my_data_json(member))["orders"][0]["parts"][0]["lines"]

        assert (line["units"], line["units_given"], line["due"]["cents"]) == (3, 2, 240)

    def test_what_was_not_there_goes_not_back_to_the_offer(self, lea, member, lettuce):
        bench(lea, member, 2)
        cancel_order(lea.pk, reason="Ill", by=Actor.manager())
        lettuce.refresh_from_db()

        assert lettuce.reserved == 1

    @pytest.mark.parametrize(
        "impossible",
        [
            {"prepared_quantity": 3, "final_cents": 360},
            {"prepared_quantity": 0, "final_cents": 0},
            {"prepared_quantity": 2},
            {"given_quantity": 3, "given_cents": 360},
            {"given_quantity": 1},
            {"given_cents": 120},
            {"prepared_quantity": 1, "final_cents": 120, "given_quantity": 1, "given_cents": 120},
        ],
        ids=str,
    )
    def test_the_database_keeps_what_can_be(self, lea, impossible):
        with pytest.raises(IntegrityError), transaction.atomic():
            LineDetail.objects.update(**impossible)
