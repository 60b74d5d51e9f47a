"""Two phones tick the same order; a tick meets a cancellation; two stalls tick the same resident's order.

Each race is first shown to be one: with the look and the write apart, both sides win.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import IntegrityError

from marche.common.actors import Actor
from marche.common.refusals import Refused
from orders.actions.cancel_order import cancel_order
from orders.actions.hand_over import hand_over
from orders.actions.take_back import take_back
from orders.actions.take_payment import take_payment
from orders.models import OrderChange, Pickup, ProducerOrder
from orders.presenters.paying import Payment
from producers.kinds import PaymentMeans
from tests import cast
from tests.races.threads import outcomes, together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
TIMES = 4
PHONES = 6
CASH, CHEQUE = Payment(PaymentMeans.CASH, 220), Payment(PaymentMeans.CHEQUE, 220)


@pytest.fixture
def lea(clock: time_machine.Traveller) -> Pickup:
    """One kilogram of carrots (2.20 €) and a honey, on the market day."""
    market = cast.beauvais()
    day = cast.saturday(market)
    carrots = cast.listing(cast.carrots(cast.ferme_du_ru(market)), day)
    honey = cast.listing(cast.honey(cast.le_rucher(market)), day, price_cents=850)
    pickup = cast.placed_order({carrots: 2, honey: 1})
    clock.move_to(day.starts_at)
    return pickup


@pytest.fixture
def grower() -> User:
    return cast.member("grower@example.org")


def part(pickup: Pickup, slug: str = "ferme-du-ru") -> ProducerOrder:
    return pickup.parts.get(producer__slug=slug)


@pytest.mark.parametrize("_again", range(TIMES))
def test_several_phones_tick_the_same_order_and_it_is_noted_once(lea: Pickup, grower: User, _again: int) -> None:
    tick = partial(hand_over, part(lea).pk, payment=CASH, by=Actor.producer(grower))

    results = together(*[tick] * PHONES)

    assert sorted(is_new for _part, is_new in results) == [False] * (PHONES - 1) + [True]
    assert sorted(lea.changes.values_list("kind", flat=True)) == ["handed-over", "paid"]


@pytest.mark.parametrize("_again", range(TIMES))
def test_two_phones_note_different_payments_and_the_second_is_told(lea: Pickup, grower: User, _again: int) -> None:
    phones = [
        partial(take_payment, part(lea).pk, payment=payment, by=Actor.producer(grower)) for payment in (CASH, CHEQUE)
    ]

    assert outcomes(together(*phones)) == {"done": 1, "paid-already": 1}
    assert lea.changes.filter(kind="paid").count() == 1


@pytest.mark.parametrize("_again", range(TIMES))
def test_an_order_is_handed_over_or_cancelled_never_both(lea: Pickup, grower: User, _again: int) -> None:
    tick = partial(hand_over, part(lea).pk, payment=CASH, by=Actor.producer(grower))
    cancel = partial(cancel_order, lea.pk, reason="empêchement", by=Actor.manager())

    results = outcomes(together(tick, cancel))

    lea.refresh_from_db()
    collected = lea.parts.collected().exists()
    assert collected is not lea.is_cancelled
    assert results == ({"done": 1, "collected": 1} if collected else {"done": 1, "cancelled": 1})


@pytest.mark.parametrize("_again", range(TIMES))
def test_two_stalls_tick_the_same_resident_s_order(lea: Pickup, grower: User, _again: int) -> None:
    ticks = [partial(hand_over, one.pk, by=Actor.producer(grower)) for one in lea.parts.all()]

    assert outcomes(together(*ticks)) == {"done": 2}
    assert lea.parts.filter(handed_over_at=None).count() == 0


@pytest.mark.parametrize("_again", range(TIMES))
def test_a_tick_against_its_taking_back_leaves_one_of_the_two(lea: Pickup, grower: User, _again: int) -> None:
    hand_over(part(lea).pk, payment=CASH, by=Actor.producer(grower))
    tick = partial(hand_over, part(lea).pk, payment=CASH, by=Actor.producer(grower))

    together(tick, partial(take_back, part(lea).pk, reason="erreur", by=Actor.producer(grower)))

    last = OrderChange.objects.filter(part=part(lea)).order_by("pk").last()
    assert (part(lea).handed_over_at is None) is (last is not None and last.kind == "taken-back")
    assert (part(lea).handed_over_at is None) is (part(lea).paid_at is None)


class TestWithoutTheLock:
    """The same races with the look and the write apart."""

    def test_both_phones_believe_they_were_first(self, lea: Pickup) -> None:
        everybody_has_looked = threading.Barrier(2, timeout=30)

        def tick() -> bool:
            found = part(lea)
            everybody_has_looked.wait()
            if found.handed_over_at:
                return False
            OrderChange.objects.create(
                pickup=lea, part=found, kind="handed-over", at=lea.day.starts_at, actor="producer", reason="-"
            )
            return True

        assert together(tick, tick) == [True, True]
        assert lea.changes.count() == 2

    def test_only_the_database_keeps_an_order_from_being_cancelled_and_handed_over(self, lea: Pickup) -> None:
        everybody_has_looked = threading.Barrier(2, timeout=30)

        def writing(field: str) -> Callable[[], None]:
            def write() -> None:
                found = part(lea)
                everybody_has_looked.wait()
                if found.cancelled_at or found.handed_over_at:
                    raise Refused
                ProducerOrder.objects.filter(pk=found.pk).update(**{field: lea.day.starts_at})

            return write

        results = together(writing("cancelled_at"), writing("handed_over_at"))

        assert [type(result) for result in results if result] == [IntegrityError]
