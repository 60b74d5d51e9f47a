"""A public holiday is flagged for the manager, who decides once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from marche.common.actors import Actor
from marche.common.refusals import Refused
from marche.markets.models import MarketDay, Phase
from orders.actions.decide_holiday import decide_holiday
from tests import cast

pytestmark = pytest.mark.django_db

BOXING_SATURDAY = dt.date(2027, 12, 25)  # Christmas Day on a Saturday
TUESDAY = dt.datetime(2027, 12, 21, 10, tzinfo=cast.PARIS)


@pytest.fixture(autouse=True)
def _while_orders_are_open() -> Iterator[None]:
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.fixture
def christmas() -> MarketDay:
    return cast.saturday(cast.beauvais(), BOXING_SATURDAY)


def test_a_holiday_waits_for_a_decision_and_takes_no_orders(christmas: MarketDay) -> None:
    assert (christmas.holiday, christmas.holiday_decision) == ("Noël", "pending")
    assert not MarketDay.objects.open().exists()


def test_an_ordinary_saturday_needs_none() -> None:
    day = cast.saturday(cast.beauvais())

    assert (day.holiday, day.holiday_decision) == ("", "")


def test_a_market_that_is_held_takes_orders(christmas: MarketDay) -> None:
    day = decide_holiday(christmas.pk, held=True, by=Actor.manager())

    assert (day.holiday_decision, day.phase()) == ("kept", Phase.OPEN)
    assert christmas in MarketDay.objects.open()


def test_a_market_that_is_not_held_is_cancelled_and_says_why(christmas: MarketDay) -> None:
    decide_holiday(christmas.pk, held=False, by=Actor.manager())

    christmas.refresh_from_db()
    assert (christmas.phase(), christmas.cancelled_at) == (Phase.CANCELLED, TUESDAY)
    assert christmas.cancel_reason == "Jour férié\xa0: Noël"
    assert not MarketDay.objects.open().exists()


@pytest.mark.parametrize("held", [True, False])
def test_what_was_decided_is_not_decided_again(christmas: MarketDay, held: bool) -> None:
    decide_holiday(christmas.pk, held=held, by=Actor.manager())

    with pytest.raises(Refused):
        decide_holiday(christmas.pk, held=not held, by=Actor.manager())

    christmas.refresh_from_db()
    assert bool(christmas.cancelled_at) is not held


def test_a_day_without_a_holiday_is_not_decided() -> None:
    day = cast.saturday(cast.beauvais())

    with pytest.raises(Refused):
        decide_holiday(day.pk, held=False, by=Actor.manager())

    day.refresh_from_db()
    assert day.cancelled_at is None


def test_making_the_days_again_leaves_the_decision(christmas: MarketDay) -> None:
    decide_holiday(christmas.pk, held=False, by=Actor.manager())

    assert cast.saturday(christmas.market, BOXING_SATURDAY).phase() is Phase.CANCELLED
