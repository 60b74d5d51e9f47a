"""From a weekly habit to the times of one date: clock changes, windows, slots, holidays."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from marche.markets.calendar import dates_ahead, public_holiday, slot_times, times_on
from marche.markets.models import Market, Weekday
from tests.cast import PARIS

UTC = dt.UTC


def habit(**changes) -> Market:
    """Saturdays 8 to 12, ordered from Monday 9:00 to Thursday 12:00; nothing is saved."""
    values = {
        "weekday": Weekday.SATURDAY,
        "starts": dt.time(8),
        "ends": dt.time(12),
        "opens_weekday": Weekday.MONDAY,
        "opens_time": dt.time(9),
        "closes_weekday": Weekday.THURSDAY,
        "closes_time": dt.time(12),
        "slot_minutes": 30,
        "weeks_ahead": 4,
    }
    return Market(**values | changes)


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (dt.date(2026, 11, 24), dt.date(2026, 11, 28)),
        (dt.date(2026, 11, 28), dt.date(2026, 11, 28)),
        (dt.date(2026, 11, 29), dt.date(2026, 12, 5)),
        (dt.date(2026, 12, 30), dt.date(2027, 1, 2)),
        (dt.date(2028, 2, 27), dt.date(2028, 3, 4)),
    ],
)
def test_the_first_date_ahead_is_the_next_one_of_the_week(today, first):
    assert dates_ahead(habit(), today)[0] == first


def test_so_many_weeks_are_made_ahead_a_week_apart():
    dates = dates_ahead(habit(weeks_ahead=6), dt.date(2026, 11, 24))
    assert len(dates) == 6
    assert {later - earlier for earlier, later in itertools.pairwise(dates)} == {dt.timedelta(weeks=1)}


@pytest.mark.parametrize(
    ("date", "opens", "closes", "starts"),
    [
        # An ordinary week of winter: an hour ahead of UTC throughout.
        (
            dt.date(2026, 11, 28),
            dt.datetime(2026, 11, 23, 8, tzinfo=UTC),
            dt.datetime(2026, 11, 26, 11, tzinfo=UTC),
            dt.datetime(2026, 11, 28, 7, tzinfo=UTC),
        ),
        # Clocks go forward on Sunday 29 March 2026: the day before is still winter, the week after is summer.
        (
            dt.date(2026, 3, 28),
            dt.datetime(2026, 3, 23, 8, tzinfo=UTC),
            dt.datetime(2026, 3, 26, 11, tzinfo=UTC),
            dt.datetime(2026, 3, 28, 7, tzinfo=UTC),
        ),
        (
            dt.date(2026, 4, 4),
            dt.datetime(2026, 3, 30, 7, tzinfo=UTC),
            dt.datetime(2026, 4, 2, 10, tzinfo=UTC),
            dt.datetime(2026, 4, 4, 6, tzinfo=UTC),
        ),
        # Clocks go back on Sunday 25 October 2026.
        (
            dt.date(2026, 10, 31),
            dt.datetime(2026, 10, 26, 8, tzinfo=UTC),
            dt.datetime(2026, 10, 29, 11, tzinfo=UTC),
            dt.datetime(2026, 10, 31, 7, tzinfo=UTC),
        ),
    ],
    ids=["winter", "before-summer", "first-of-summer", "first-of-winter"],
)
def test_the_times_are_those_of_the_clock_on_the_wall(date, opens, closes, starts):
    times = times_on(habit(), date)
    assert (times.opens_at, times.closes_at, times.starts_at) == (opens, closes, starts)


@pytest.mark.parametrize(
    ("sunday", "hours_of_the_window"),
    [(dt.date(2026, 3, 29), 3 * 24 + 3 - 1), (dt.date(2026, 10, 25), 3 * 24 + 3 + 1)],
    ids=["forward", "back"],
)
def test_a_window_across_a_clock_change_is_an_hour_shorter_or_longer(sunday, hours_of_the_window):
    market = habit(
        weekday=Weekday.TUESDAY,
        opens_weekday=Weekday.FRIDAY,
        closes_weekday=Weekday.MONDAY,
    )
    times = times_on(market, sunday + dt.timedelta(days=2))
    assert times.opens_at.astimezone(PARIS).hour == 9
    assert times.closes_at.astimezone(PARIS).hour == 12
    length = times.closes_at.astimezone(UTC) - times.opens_at.astimezone(UTC)
    assert length == dt.timedelta(hours=hours_of_the_window)


@pytest.mark.parametrize(
    ("changes", "opens", "closes"),
    [
        ({}, "Mon 23 09:00", "Thu 26 12:00"),
        ({"opens_weekday": Weekday.SATURDAY, "opens_time": dt.time(14)}, "Sat 21 14:00", "Thu 26 12:00"),
        ({"opens_weekday": Weekday.FRIDAY}, "Fri 20 09:00", "Thu 26 12:00"),
        ({"opens_weekday": Weekday.THURSDAY, "opens_time": dt.time(12)}, "Thu 19 12:00", "Thu 26 12:00"),
        ({"closes_weekday": Weekday.SATURDAY, "closes_time": dt.time(7)}, "Mon 23 09:00", "Sat 28 07:00"),
    ],
    ids=["as-in-beauvais", "opens-the-saturday-before", "opens-the-friday-before", "a-whole-week", "until-the-morning"],
)
def test_orders_open_before_they_close_and_close_before_the_market(changes, opens, closes):
    times = times_on(habit(**changes), dt.date(2026, 11, 28))
    assert f"{times.opens_at:%a %d %H:%M}" == opens
    assert f"{times.closes_at:%a %d %H:%M}" == closes
    assert times.opens_at < times.closes_at <= times.starts_at


def test_a_cutoff_that_would_fall_after_the_market_starts_is_that_of_the_week_before():
    market = habit(closes_weekday=Weekday.SATURDAY, closes_time=dt.time(14))
    times = times_on(market, dt.date(2026, 11, 28))
    assert times.opens_at < times.closes_at <= times.starts_at
    assert times.closes_at == dt.datetime(2026, 11, 21, 14, tzinfo=PARIS)


def test_slots_follow_each_other_from_start_to_end():
    market = habit()
    slots = slot_times(market, times_on(market, dt.date(2026, 11, 28)))
    assert len(slots) == 8
    assert slots[0][0] == dt.datetime(2026, 11, 28, 8, tzinfo=PARIS)
    assert slots[-1][1] == dt.datetime(2026, 11, 28, 12, tzinfo=PARIS)
    assert all(end == start for (_, end), (start, _) in itertools.pairwise(slots))


def test_a_last_slot_that_would_be_cut_short_is_left_out():
    market = habit(slot_minutes=50)
    slots = slot_times(market, times_on(market, dt.date(2026, 11, 28)))
    assert len(slots) == 4
    assert slots[-1][1] <= dt.datetime(2026, 11, 28, 12, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("night", "slots"),
    [(dt.date(2026, 3, 29), 6), (dt.date(2026, 10, 25), 10), (dt.date(2026, 11, 1), 8)],
    ids=["forward", "back", "ordinary"],
)
def test_a_market_in_the_night_of_a_clock_change_has_real_half_hours(night, slots):
    market = habit(weekday=Weekday.SUNDAY, starts=dt.time(1), ends=dt.time(5))
    made = slot_times(market, times_on(market, night))
    assert len(made) == slots
    assert {end - start for start, end in made} == {dt.timedelta(minutes=30)}


@pytest.mark.parametrize(
    ("date", "name"),
    [
        (dt.date(2026, 1, 1), "Jour de l'an"),
        (dt.date(2026, 4, 6), "Lundi de Pâques"),
        (dt.date(2026, 5, 1), "Fête du Travail"),
        (dt.date(2026, 5, 14), "Ascension"),
        (dt.date(2026, 7, 14), "Fête nationale"),
        (dt.date(2027, 12, 25), "Noël"),
        (dt.date(2026, 11, 28), ""),
    ],
)
def test_public_holidays_are_known_by_their_french_names(date, name):
    assert public_holiday(date) == name
