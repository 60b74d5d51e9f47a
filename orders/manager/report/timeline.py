"""When orders came in, from the opening to the cutoff."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, DateTimeField, DurationField, F, Func, Q, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marche.markets.models import MarketDay
from orders.models import Pickup
from orders.presenters.tables import CellKind, Column, Row, Table

MOST_BUCKETS = 80
HOURS = (1, 3, 6, 12, 24, 168)


@dataclass(frozen=True)
class Bucket:
    """The orders placed from `start` on, until the next bucket; `cents` of those that are not cancelled."""

    start: dt.datetime
    end: dt.datetime
    orders: int = 0
    cancelled: int = 0
    cents: int = 0


def bucket_length(day: MarketDay) -> dt.timedelta:
    """The shortest length that cuts the order window into at most eighty."""
    window = day.closes_at - day.opens_at
    fitting = [hours for hours in HOURS if window <= MOST_BUCKETS * dt.timedelta(hours=hours)]
    return dt.timedelta(hours=fitting[0] if fitting else HOURS[-1])


def buckets_of(day: MarketDay) -> list[Bucket]:
    """The order window cut into equal lengths, the last as short as need be. One query.

    An order whose clock says that it came just outside of the window is in the first or in the last of them.
    """
    length = bucket_length(day)
    # All of it is PostgreSQL's: date_bin counts real hours, also across a change of clock.
    start = Func(
        Value(length, DurationField()),
        F("placed_at"),
        Value(day.opens_at, DateTimeField()),
        function="date_bin",
        output_field=DateTimeField(),
    )
    alive = Q(cancelled_at=None)
    begun = Pickup.objects.filter(day=day).order_by().annotate(start=start).values("start")
    rows = begun.annotate(
        orders=Count("pk", filter=alive),
        cancelled=Count("pk", filter=~alive),
        cents=Coalesce(Sum("total_cents", filter=alive), 0),
    ).values_list("start", "orders", "cancelled", "cents")
    count = -(-(day.closes_at - day.opens_at) // length)
    sums = [[0, 0, 0] for _i in range(count)]
    for began, orders, cancelled, cents in rows:
        so_far = sums[min(max((began - day.opens_at) // length, 0), count - 1)]
        so_far[0], so_far[1], so_far[2] = so_far[0] + orders, so_far[1] + cancelled, so_far[2] + cents
    starts = [day.opens_at + i * length for i in range(count)]
    return [
        Bucket(start, min(start + length, day.closes_at), *totals) for start, totals in zip(starts, sums, strict=True)
    ]


def orders_table(buckets: Sequence[Bucket], now: dt.datetime) -> Table:
    """The buckets that have begun by the aware time `now`, each with the count of orders up to its end."""
    columns = (
        Column("de", pgettext("time", "From"), CellKind.TIME),
        Column("commandes", _("Orders"), CellKind.COUNT),
        Column("cumul", _("Orders until then"), CellKind.COUNT, adds=False),
        Column("annulees", _("Cancelled since"), CellKind.COUNT),
        Column("montant", _("Ordered"), CellKind.CENTS),
    )
    rows: list[Row] = []
    reached = 0
    for bucket in buckets:
        if bucket.start <= now or bucket.orders or bucket.cancelled:
            reached += bucket.orders
            rows.append((bucket.start, bucket.orders, reached, bucket.cancelled, bucket.cents))
    return Table("commandes", _("Orders over time"), columns, rows, empty=_("Orders are not open yet."))
