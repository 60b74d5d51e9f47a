"""The habit of a market changes for the days that are not made yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError

from marche.markets.actions.change_market import change_market
from marche.markets.actions.generate_days import generate_days
from marche.markets.models import Market, MarketDay
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tuesday() -> Iterator[None]:
    with time_machine.travel(cast.OPEN_TIME, tick=False):
        yield


@pytest.fixture
def market() -> Market:
    return cast.beauvais(weeks_ahead=1)


def test_the_next_day_made_follows_the_new_habit(market: Market) -> None:
    made = cast.saturday(market)

    generate_days(change_market(market.pk, {"starts": dt.time(9), "order_cap": 10, "weeks_ahead": 2}))

    new = MarketDay.objects.get(date=made.date + dt.timedelta(weeks=1))
    assert (new.starts_at.astimezone(cast.PARIS).hour, new.order_cap, new.slots.count()) == (9, 10, 6)
    made.refresh_from_db()
    assert (made.starts_at.astimezone(cast.PARIS).hour, made.order_cap, made.slots.count()) == (8, 350, 8)


@pytest.mark.parametrize(
    "values",
    [
        {"ends": dt.time(8)},
        {"slot_minutes": 300},
        {"closes_weekday": 5, "closes_time": dt.time(9)},
        {"order_cap": 0},
        {"weekday": 9},
        {"place": ""},
    ],
)
def test_a_habit_that_could_make_no_day_changes_nothing(market: Market, values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        change_market(market.pk, values)

    assert set(refused.value.message_dict) & set(values)
    assert Market.objects.filter(pk=market.pk, ends=dt.time(12), slot_minutes=30, order_cap=350).exists()


def test_orders_may_close_on_the_morning_of_the_market(market: Market) -> None:
    changed = change_market(market.pk, {"closes_weekday": market.weekday, "closes_time": market.starts})

    day = cast.saturday(changed)

    assert day.closes_at == day.starts_at


def test_a_day_that_is_over_is_left_alone(market: Market) -> None:
    past = cast.saturday(market, cast.SATURDAY - dt.timedelta(weeks=1))

    change_market(market.pk, {"place": "place Jeanne-Hachette"})

    assert MarketDay.objects.get(pk=past.pk).catalogue_version == past.catalogue_version
