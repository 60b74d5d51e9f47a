"""How many orders a day takes and how many residents a slot: changed on the day itself, never below what is taken."""

from __future__ import annotations

import pytest
import time_machine

from marche.common.refusals import Refused
from marche.markets.actions.change_cap import change_cap
from marche.markets.actions.change_capacity import change_capacity
from marche.markets.models import MarketDay, Slot
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


@pytest.fixture
def day() -> MarketDay:
    return cast.saturday(cast.beauvais(), orders_count=3)


@pytest.fixture
def slot(day: MarketDay) -> Slot:
    first = day.slots.all()[0]
    first.reserved = 3
    first.save()
    return first


@pytest.mark.parametrize("cap", [3, 4, 1000])
def test_a_cap_may_be_anything_from_what_is_taken_up(day: MarketDay, cap: int) -> None:
    change_cap(day.pk, cap=cap)

    day.refresh_from_db()
    assert day.order_cap == cap


def test_a_cap_below_what_is_taken_is_refused_and_says_how_much(day: MarketDay) -> None:
    with pytest.raises(Refused) as refused:
        change_cap(day.pk, cap=2)
    assert "3" in refused.value.sentences[0]

    day.refresh_from_db()
    assert day.order_cap == 350


def test_a_cap_does_not_change_a_day_that_is_cancelled(day: MarketDay) -> None:
    MarketDay.objects.update(cancelled_at=cast.OPEN_TIME)

    with pytest.raises(Refused):
        change_cap(day.pk, cap=400)


def test_nor_one_whose_orders_are_closed(day: MarketDay, slot: Slot) -> None:
    with time_machine.travel(cast.CUTOFF, tick=False):
        with pytest.raises(Refused):
            change_cap(day.pk, cap=400)
        with pytest.raises(Refused):
            change_capacity(slot.pk, capacity=20)


@pytest.mark.parametrize("capacity", [3, 4, 1000])
def test_a_slot_may_hold_anything_from_what_is_taken_up(slot: Slot, capacity: int) -> None:
    change_capacity(slot.pk, capacity=capacity)

    slot.refresh_from_db()
    assert slot.capacity == capacity


def test_a_slot_below_what_is_taken_is_refused_and_says_how_much(slot: Slot) -> None:
    with pytest.raises(Refused) as refused:
        change_capacity(slot.pk, capacity=2)
    assert "3" in refused.value.sentences[0]

    slot.refresh_from_db()
    assert slot.capacity == 15


def test_an_empty_slot_may_be_shut(day: MarketDay, slot: Slot) -> None:
    last = day.slots.all().reverse()[0]

    assert change_capacity(last.pk, capacity=0).remaining == 0
