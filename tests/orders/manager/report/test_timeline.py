"""When orders came in, and where the chart draws it."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from marche.markets.models import MarketDay
from orders.manager.report.chart import chart_of, level_step, nights_of
from orders.manager.report.timeline import MOST_BUCKETS, bucket_length, buckets_of, orders_table
from orders.models import Pickup
from tests import cast
from tests.orders.manager.report.saturday import Orders, Saturday

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def window(day: MarketDay, hours: int) -> MarketDay:
    day.opens_at = day.closes_at - hours * HOUR
    return day


@pytest.mark.parametrize(
    ("hours", "length"), [(1, 1), (75, 1), (80, 1), (81, 3), (240, 3), (241, 6), (480, 6), (481, 12), (99_999, 168)]
)
def test_a_window_is_cut_into_hours_that_can_be_told_apart(market_day: Saturday, hours: int, length: int) -> None:
    day = window(market_day.day, hours)

    assert bucket_length(day) == length * HOUR
    assert hours > 80 * 168 or len(buckets_of(day)) <= MOST_BUCKETS


def test_orders_are_counted_in_the_hour_in_which_they_came(market_day: Saturday, orders: Orders) -> None:
    buckets = buckets_of(market_day.day)

    assert len(buckets) == 75
    assert [(i, b.orders, b.cancelled, b.cents) for i, b in enumerate(buckets) if b.orders] == [(25, 2, 1, 2748)]


def test_the_last_bucket_ends_at_the_cutoff(market_day: Saturday) -> None:
    buckets = buckets_of(window(market_day.day, 100))

    assert (buckets[-1].end - buckets[-1].start, buckets[-1].end) == (HOUR, market_day.day.closes_at)


@pytest.mark.parametrize(("minutes", "place"), [(-1, 0), (0, 0), (59, 0), (60, 1), (75 * 60 - 1, 74), (75 * 60, 74)])
def test_an_order_at_the_edge_is_in_one_bucket(market_day: Saturday, orders: Orders, minutes: int, place: int) -> None:
    Pickup.objects.update(placed_at=market_day.day.opens_at + dt.timedelta(minutes=minutes))

    assert [i for i, bucket in enumerate(buckets_of(market_day.day)) if bucket.orders] == [place]


def test_an_hour_is_an_hour_when_the_clocks_change(market_day: Saturday) -> None:
    """In the night to 25 October 2026 there are two hours from two to three."""
    day = market_day.day
    day.opens_at = dt.datetime(2026, 10, 24, 12, tzinfo=cast.PARIS)
    day.closes_at = dt.datetime(2026, 10, 25, 12, tzinfo=cast.PARIS)
    day.save()
    day.refresh_from_db()

    assert len(buckets_of(day)) == 25


def test_the_table_stops_at_what_has_begun_and_counts_on(
    market_day: Saturday, orders: Orders, clock: time_machine.Traveller
) -> None:
    table = orders_table(buckets_of(market_day.day), cast.OPEN_TIME)

    assert len(table.rows) == 26
    assert table.rows[-1][1:] == (2, 2, 1, 2748)
    assert len(orders_table(buckets_of(market_day.day), market_day.day.opens_at - HOUR).rows) == 1


@pytest.mark.parametrize(
    ("highest", "step"), [(0, 1), (1, 1), (5, 1), (6, 2), (10, 2), (11, 5), (25, 5), (26, 10), (230, 50), (2300, 500)]
)
def test_the_scale_has_round_figures_and_at_most_five_lines(highest: int, step: int) -> None:
    assert level_step(highest) == step


def test_a_bar_stands_on_the_floor_as_high_as_its_orders(market_day: Saturday, orders: Orders) -> None:
    chart = chart_of(market_day.day, buckets_of(market_day.day))

    [bar] = chart.bars
    assert [mark.words for mark in chart.levels] == ["1", "2"]
    assert float(bar.y) == chart.top
    assert float(bar.y) + float(bar.height) == chart.bottom
    assert float(bar.x.rstrip("%")) == pytest.approx(98 * 25 / 75, abs=0.01)


def test_nothing_is_drawn_beside_the_window(market_day: Saturday, orders: Orders) -> None:
    chart = chart_of(market_day.day, buckets_of(market_day.day))

    for box in (*chart.bars, *chart.nights):
        assert float(box.x.rstrip("%")) >= 0
        assert float(box.x.rstrip("%")) + float(box.width.rstrip("%")) <= 98.01


def test_nights_are_those_of_the_clock_on_the_wall(market_day: Saturday) -> None:
    nights = nights_of(market_day.day)

    assert [(start.hour, end.hour) for start, end in nights] == [(22, 6)] * 3


def test_the_chart_of_a_day_without_orders_has_a_scale_and_no_bar(market_day: Saturday) -> None:
    chart = chart_of(market_day.day, buckets_of(market_day.day))

    assert (chart.bars, len(chart.levels), chart.hours) == ([], 1, 1)


def test_days_are_named_so_that_their_words_do_not_meet(market_day: Saturday) -> None:
    assert len(chart_of(market_day.day, buckets_of(market_day.day)).days) == 4
    long = window(market_day.day, 24 * 20)
    assert len(chart_of(long, buckets_of(long)).days) <= 6
