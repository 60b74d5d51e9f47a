"""The chart of orders over the window: where each thing stands, for a template that draws it as SVG.

Widths are per cent of the drawing, heights pixels: so the drawing is as wide as its page, and its words keep their
size.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from marche.common.wording import hour
from marche.markets.models import MarketDay
from orders.manager.report.timeline import Bucket

TOP, HEIGHT = 26, 190  # pixels: the words above the plot, and the plot
PLOT = 98.0  # per cent of the width; the rest is for the line of the cutoff
NIGHT = (22, 6)  # hours by the clock on the wall
MOST_LABELS = 6
STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Box:
    """A rectangle as SVG attributes have it, and what it stands for."""

    x: str
    width: str
    y: str = ""
    height: str = ""
    title: str = ""


@dataclass(frozen=True)
class Mark:
    """A place on an axis, and the word that stands there."""

    at: str
    words: str


@dataclass(frozen=True)
class Chart:
    """`highest`: the orders of the fullest bucket. `hours`: the length of a bucket."""

    bars: list[Box]
    nights: list[Box]
    days: list[Mark]
    levels: list[Mark]
    cutoff: str
    highest: int
    hours: int
    top: int = TOP
    plot: int = HEIGHT
    bottom: int = TOP + HEIGHT
    height: int = TOP + HEIGHT + 26


def chart_of(day: MarketDay, buckets: Sequence[Bucket]) -> Chart:
    """The chart of these buckets, which cover the day's order window. Asks nothing of the database."""
    highest = max((bucket.orders for bucket in buckets), default=0)
    step = level_step(highest)
    levels = list(range(step, highest + step, step)) if highest else [step]
    return Chart(
        bars=[_bar(day, bucket, levels[-1]) for bucket in buckets if bucket.orders],
        nights=[_box(day, start, end) for start, end in nights_of(day)],
        days=_days(day),
        levels=[Mark(_y(level, levels[-1]), str(level)) for level in levels],
        cutoff=f"{PLOT:g}%",
        highest=highest,
        hours=round((buckets[0].end - buckets[0].start).total_seconds() / 3600) if buckets else 0,
    )


def level_step(highest: int) -> int:
    """The step between the lines of the scale, 1, 2 or 5 times a power of ten: at most five lines."""
    power = 1
    while True:
        for step in STEPS:
            if -(-highest // (step * power)) <= 5:
                return step * power
        power *= 10


def nights_of(day: MarketDay) -> list[tuple[dt.datetime, dt.datetime]]:
    """From when to when it is night within the order window."""
    zone = day.market.zone
    date, nights = day.opens_at.astimezone(zone).date() - dt.timedelta(days=1), []
    while date <= day.closes_at.astimezone(zone).date():
        evening = dt.datetime.combine(date, dt.time(NIGHT[0]), tzinfo=zone)
        date += dt.timedelta(days=1)
        morning = dt.datetime.combine(date, dt.time(NIGHT[1]), tzinfo=zone)
        start, end = max(evening, day.opens_at), min(morning, day.closes_at)
        if start < end:
            nights.append((start, end))
    return nights


def _midnights(day: MarketDay) -> list[dt.datetime]:
    zone = day.market.zone
    date, found = day.opens_at.astimezone(zone).date() + dt.timedelta(days=1), []
    while (midnight := dt.datetime.combine(date, dt.time(), tzinfo=zone)) < day.closes_at:
        found.append(midnight)
        date += dt.timedelta(days=1)
    return found


def _days(day: MarketDay) -> list[Mark]:
    """The days at their middle, every so many that their words do not meet."""
    edges = [day.opens_at, *_midnights(day), day.closes_at]
    spans = list(pairwise(edges))
    every = -(-len(spans) // MOST_LABELS)
    middles = [(start, start + (end - start) / 2) for start, end in spans]
    return [Mark(f"{_x(day, middle):.2f}%", _weekday(start)) for start, middle in middles[::every]]


def _weekday(when: dt.datetime) -> str:
    return date_format(timezone.localtime(when), _("D j"))


def _bar(day: MarketDay, bucket: Bucket, top_level: int) -> Box:
    y = float(_y(bucket.orders, top_level))
    box = _box(day, bucket.start, bucket.end)
    width = float(box.width.rstrip("%")) * 0.86
    title = _("%(day)s from %(start)s to %(end)s: %(count)d") % {
        "day": _weekday(bucket.start),
        "start": hour(bucket.start),
        "end": hour(bucket.end),
        "count": bucket.orders,
    }
    return Box(box.x, f"{width:.2f}%", f"{y:.1f}", f"{TOP + HEIGHT - y:.1f}", title)


def _box(day: MarketDay, start: dt.datetime, end: dt.datetime) -> Box:
    left, right = _x(day, start), _x(day, end)
    return Box(f"{left:.2f}%", f"{right - left:.2f}%")


def _x(day: MarketDay, when: dt.datetime) -> float:
    """Per cent of the width."""
    return PLOT * ((when - day.opens_at) / (day.closes_at - day.opens_at))


def _y(level: int, top_level: int) -> str:
    """Pixels from above."""
    return f"{TOP + HEIGHT - HEIGHT * level / top_level:.1f}"
