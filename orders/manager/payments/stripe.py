"""What Stripe refused, what it has not answered, what it knows otherwise, and what residents contest."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from marche.markets.models import Market
from marche.payments.models import Comparison, Dispute, Instruction, PaymentAttempt
from marche.payments.querysets import NOT_LOST
from orders.manager.payments.findings import PATIENCE, Finding, Kind
from orders.models import Pickup
from orders.presenters.differences import difference_words

LOST_FOR = dt.timedelta(days=30)  # how long a lost dispute is told
STALE = dt.timedelta(hours=36)  # a night without a comparison


def about_requests(market: Market, now: dt.datetime) -> list[Kind]:
    """What was refused, and what has waited too long. One query."""
    rows = Instruction.objects.filter(
        Q(state=Instruction.State.REFUSED) | Q(state=Instruction.State.WAITING, made_at__lte=now - PATIENCE),
        attempt__order__pickup__day__market=market,
    )
    refused: list[Finding] = []
    waiting: list[Finding] = []
    for row in rows.select_related("attempt__order__pickup__day"):
        what = str(row.get_kind_display())
        is_refused = row.state == Instruction.State.REFUSED
        finding = Finding(
            cents=row.cents,
            since=row.made_at,
            pickup=row.attempt.order.pickup,
            detail=_("%(what)s: %(error)s") % {"what": what, "error": row.error} if row.error else what,
            instruction_id=row.pk if is_refused else 0,
        )
        (refused if is_refused else waiting).append(finding)
    return [
        Kind(
            "refused",
            _("Requests that Stripe refused"),
            _("Stripe would say no again to the same request. When its reason is gone, try again: what is owed now is "
              "worked out afresh."),
            refused,
        ),
        Kind(
            "unanswered",
            _("Requests without an answer"),
            _("Stripe could not be reached. They are tried again by themselves, and nothing is done twice."),
            waiting,
        ),
    ]  # fmt: skip


def about_disputes(market: Market, now: dt.datetime) -> Kind:
    """Those that are open, and for a while those that were lost. One query."""
    rows = Dispute.objects.filter(attempt__order__pickup__day__market=market).exclude(status__in=NOT_LOST)
    rows = rows.filter(Q(closed_at=None) | Q(closed_at__gte=now - LOST_FOR))
    return Kind(
        "disputes",
        _("Payments that residents contest"),
        _("Answer in Stripe’s dashboard, with the ticket and the hour of the handing over. Meanwhile the producers of "
          "the order are paid nothing more for it; what is lost is the town’s."),
        [
            Finding(
                row.cents,
                row.opened_at,
                row.attempt.order.pickup,
                detail=_dispute_words(row),
            )
            for row in rows.select_related("attempt__order__pickup__day")
        ],
    )  # fmt: skip


def _dispute_words(dispute: Dispute) -> str:
    if dispute.closed_at:
        return _("lost: the resident has the money back, at the town’s cost")
    return _("open, reason given: %(reason)s") % {"reason": dispute.reason_words}


def about_comparison(market: Market, comparison: Comparison | None, now: dt.datetime) -> list[Kind]:
    """What differs from Stripe's books, but for other markets' orders; and books not compared. Two queries."""
    rows = comparison.differences if comparison else []
    pickups = _pickups({row["order_number"] for row in rows})
    ours = [row for row in rows if _is_of(market, pickups.get(row["order_number"]))]
    paid = PaymentAttempt.objects.filter(order__pickup__day__market=market, authorised_at__lt=now - STALE)
    is_stale = (comparison is None or comparison.made_at < now - STALE) and paid.exists()
    return [
        Kind(
            "differences",
            _("Otherwise at Stripe than here"),
            _("Somebody may have acted in Stripe’s dashboard. Nothing is corrected by itself: look there, then note "
              "it here where the order allows it. A difference is told for five weeks."),
            [_difference(row, pickups.get(row["order_number"])) for row in ours],
        ),
        Kind(
            "not-compared",
            _("Books not compared with Stripe’s"),
            _("This is done each night. If it stays so, the administrator looks at the worker’s log."),
            [Finding(since=comparison.made_at if comparison else None)] if is_stale else [],
        ),
    ]  # fmt: skip


def _pickups(numbers: set[str]) -> dict[str, Pickup]:
    rows = Pickup.objects.with_related().filter(order__number__in=numbers)
    return {row.order.number: row for row in rows}


def _is_of(market: Market, pickup: Pickup | None) -> bool:
    """What belongs to no order that we know concerns every market of the till."""
    return pickup is None or pickup.day.market_id == market.pk


def _difference(row: dict[str, Any], pickup: Pickup | None) -> Finding:
    return Finding(
        cents=max(row["stripe_cents"], row["our_cents"]),
        since=dt.datetime.fromisoformat(row["at"]),
        pickup=pickup,
        detail=difference_words(row),
    )
