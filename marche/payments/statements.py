"""The market days of which a producer has a statement: those with goods of its that were paid by card."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from marche.payments.models import PaymentAttempt, Share
from producers.models import Producer

MOST = 60  # days: more than a year of a weekly market
PAID = (PaymentAttempt.State.AUTHORISED, PaymentAttempt.State.CAPTURED)
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
    given_up = Q(attempt__state=PaymentAttempt.State.AUTHORISED, attempt__order__pickup__cancelled_at__isnull=False)
    shares = Share.objects.filter(producer=producer, attempt__state__in=PAID).exclude(given_up).order_by()
    days = shares.values(
        date=F(f"{DAY}__date"),
        starts_at=F(f"{DAY}__starts_at"),
        market=F(f"{DAY}__market__name"),
        market_slug=F(f"{DAY}__market__slug"),
    )
    sums = days.annotate(orders=Count("pk"), charged_cents=Coalesce(Sum("captured_cents"), 0))
    return [StatementDay(**row) for row in sums.order_by("-starts_at")[:MOST]]
