"""The market days of which a producer has a statement: those with goods of its that were paid by card."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, Sum
from django.db.models.functions import Coalesce

from marche.payments.models import Share
from producers.models import Producer

MOST = 60  # days: more than a year of a weekly market
DAY = "attempt__order__pickup__day"


@dataclass(frozen=True)
class StatementDay:
    """One market day: how many orders were paid by card, and the cents that were charged for this producer's goods."""

    market: str
    market_slug: str
    date: dt.date
    starts_at: dt.datetime
    orders: int
    charged_cents: int


def statement_days(producer: Producer) -> list[StatementDay]:
    """The days of a producer's statements, the latest first. One query."""
    days = (
        Share.objects.filter(producer=producer)
        .stated()
        .order_by()
        .values(
            date=F(f"{DAY}__date"),
            starts_at=F(f"{DAY}__starts_at"),
            market=F(f"{DAY}__market__name"),
            market_slug=F(f"{DAY}__market__slug"),
        )
    )
    sums = days.annotate(orders=Count("pk"), charged_cents=Coalesce(Sum("captured_cents"), 0))
    return [StatementDay(**row) for row in sums.order_by("-starts_at")[:MOST]]
