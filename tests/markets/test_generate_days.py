"""The coming days of a market: made once, with their slots; holidays are flagged for a decision."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from marche.common.actors import Actor
from marche.common.refusals import Refused
from marche.markets.actions.generate_days import generate_days
from marche.markets.models import MarketDay, Phase, Slot, Weekday
from marche.markets.tasks import generate_days as beat_job
from orders.actions.decide_holiday import decide_holiday
from tests import cast

pytestmark = pytest.mark.django_db
TUESDAY = dt.date(2026, 11, 24)
FRIDAY_1_MAY = dt.date(2026, 5, 1)


@pytest.fixture
def market():
    return cast.beauvais(weeks_ahead=4)


@pytest.fixture
def may_day():
    """A market of Fridays, whose next day is the first of May."""
    market = cast.beauvais(weekday=Weekday.FRIDAY)
    return generate_days(market.pk, today=FRIDAY_1_MAY)[0]


def test_four_weeks_are_made_with_their_slots_and_their_cap(market):
    days = generate_days(market.pk, today=TUESDAY)
    assert [day.date.day for day in days] == [28, 5, 12, 19]
    assert {day.order_cap for day in days} == {350}
    assert Slot.objects.count() == 4 * 8
    assert {slot.capacity for slot in Slot.objects.all()} == {15}


def test_a_second_run_makes_nothing(market):
    generate_days(market.pk, today=TUESDAY)
    assert generate_days(market.pk, today=TUESDAY) == []
    assert Slot.objects.count() == 4 * 8


def test_a_week_later_only_the_new_week_is_made(market):
    generate_days(market.pk, today=TUESDAY)
    made = generate_days(market.pk, today=TUESDAY + dt.timedelta(weeks=1))
    assert [day.date for day in made] == [dt.date(2026, 12, 26)]


def test_what_a_manager_changed_stays(market):
    first = generate_days(market.pk, today=TUESDAY)[0]
    MarketDay.objects.filter(pk=first.pk).update(order_cap=20)
    first.slots.get(starts_at=first.starts_at).delete()
    generate_days(market.pk, today=TUESDAY)
    first.refresh_from_db()
    assert first.order_cap == 20
    assert first.slots.count() == 7


def test_a_changed_habit_touches_only_days_not_made_yet(market):
    generate_days(market.pk, today=TUESDAY)
    market.starts, market.slot_capacity = dt.time(9), 20
    market.save()
    new = generate_days(market.pk, today=TUESDAY + dt.timedelta(weeks=1))[0]
    assert new.slots.count() == 6
    assert MarketDay.objects.get(date=cast.SATURDAY).slots.count() == 8


def test_today_is_the_market_s_own_date(market):
    """At 23:30 UTC on Saturday it is Sunday in Beauvais: that Saturday is no longer ahead."""
    with time_machine.travel(dt.datetime(2026, 11, 28, 23, 30, tzinfo=dt.UTC), tick=False):
        assert generate_days(market.pk)[0].date == dt.date(2026, 12, 5)


def test_a_public_holiday_waits_for_a_decision_and_takes_no_orders(may_day):
    assert may_day.holiday == "Fête du Travail"
    assert may_day.holiday_decision == "pending"
    assert may_day not in MarketDay.objects.open(may_day.opens_at)


def test_an_ordinary_day_needs_no_decision(market):
    assert {day.holiday_decision for day in generate_days(market.pk, today=TUESDAY)[:3]} == {""}


def test_a_holiday_that_is_kept_takes_orders(may_day):
    decide_holiday(may_day.pk, held=True, by=Actor.manager())
    assert may_day in MarketDay.objects.open(may_day.opens_at)


def test_a_holiday_that_is_not_held_is_cancelled_with_its_name_as_the_reason(may_day):
    day = decide_holiday(may_day.pk, held=False, by=Actor.manager())
    assert day.phase() is Phase.CANCELLED
    assert day.cancel_reason == "Jour férié\xa0: Fête du Travail"
    assert day not in MarketDay.objects.open(may_day.opens_at)


def test_a_holiday_is_decided_once(may_day):
    decide_holiday(may_day.pk, held=True, by=Actor.manager())
    with pytest.raises(Refused):
        decide_holiday(may_day.pk, held=False, by=Actor.manager())


def test_the_beat_job_makes_the_days_of_every_active_market(market):
    closed = cast.beauvais(slug="creil", active=False)
    with time_machine.travel(cast.OPEN_TIME, tick=False):
        beat_job()
    assert market.days.count() == 4
    assert not closed.days.exists()


@pytest.mark.parametrize(
    ("minutes_from", "phase"),
    [
        ("before opens_at", Phase.UPCOMING),
        ("at opens_at", Phase.OPEN),
        ("before closes_at", Phase.OPEN),
        ("at closes_at", Phase.CLOSED),
        ("at starts_at", Phase.ON),
        ("before ends_at", Phase.ON),
        ("at ends_at", Phase.OVER),
    ],
)
def test_the_phase_follows_the_clock(market, minutes_from, phase):
    day = generate_days(market.pk, today=TUESDAY)[0]
    side, name = minutes_from.split()
    moment = getattr(day, name) - dt.timedelta(seconds=1 if side == "before" else 0)
    assert day.phase(moment) is phase
