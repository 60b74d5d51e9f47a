"""Money without an order, orders without their money: what of our own rows does not fit."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, Subquery, Sum
from django.utils.translation import gettext as _

from marche.markets.models import Market
from marche.payments.capture_or_refund import SMALLEST_CENTS
from marche.payments.ledger import balances, underpaid
from marche.payments.models import Instruction, PaymentAttempt, Share
from marche.payments.querysets import AttemptQuerySet, ShareQuerySet
from orders import owed
from orders.manager.payments.findings import PATIENCE, Finding, Kind
from orders.models import Pickup, ProducerOrder

State = PaymentAttempt.State
OPEN = Exists(Instruction.objects.filter(attempt=OuterRef("attempt"), state__in=["waiting", "refused"]))


def about_orders(market: Market, now: dt.datetime) -> list[Kind]:
    """Five kinds, five queries."""
    return [
        _cancelled(market),
        _waiting(market, now),
        _without_payment(market, now),
        _less_than_due(market),
        _not_collected(market, now),
    ]


def _cancelled(market: Market) -> Kind:
    """Unless something is being asked of Stripe for it, or was refused: then it is told there."""
    paid = shares_of(market, attempt__state__in=[State.AUTHORISED, State.CAPTURED])
    cancelled = paid.filter(~OPEN, attempt__order__pickup__cancelled_at__isnull=False)
    by_attempt: dict[int, list[int]] = {}
    attempts = {}
    for balance in balances(cancelled):
        attempt = balance.share.attempt
        attempts[attempt.pk] = attempt
        is_authorised = attempt.state == State.AUTHORISED
        cents = balance.share.authorised_cents if is_authorised else balance.kept_cents
        by_attempt.setdefault(attempt.pk, []).append(cents)
    findings = [
        Finding(sum(cents), _pickup(attempts[pk]).cancelled_at, _pickup(attempts[pk]), attempt_id=pk)
        for pk, cents in by_attempt.items()
        if sum(cents)
    ]
    return Kind(
        "money-without-order",
        _("Money of orders that are cancelled"),
        _("It should have gone back by itself. Ask Stripe again; if it stays here, refund it in Stripe’s dashboard."),
        findings,
    )


def _waiting(market: Market, now: dt.datetime) -> Kind:
    pending = Q(order__pickup__to_be_paid_by__isnull=False, order__pickup__cancelled_at=None)
    attempts = _attempts(market).waiting().filter(pending, order__pickup__placed_at__lte=now - PATIENCE)
    attempts = attempts.annotate(owed=Sum("shares__due_cents"))
    return Kind(
        "waiting-for-payment",
        _("Orders that wait for their payment"),
        _("Stripe has not said how the payment ended, so goods and place are still kept. Ask Stripe again."),
        [Finding(a.owed, _pickup(a).placed_at, _pickup(a), attempt_id=a.pk) for a in attempts],
    )


def _without_payment(market: Market, now: dt.datetime) -> Kind:
    """Nothing holds the money of a part that is to be paid by card; what is below Stripe’s minimum was waived."""
    live = PaymentAttempt.objects.live().filter(order=OuterRef("pk"))
    lapsed = live.filter(state=State.AUTHORISED, capture_before__lt=now)
    waived = PaymentAttempt.objects.filter(order=OuterRef("pk"), state=State.VOIDED).annotate(
        due=Sum("shares__due_cents")
    )
    online = ProducerOrder.objects.filter(pickup=OuterRef("pk"), online=True, cancelled_at=None)
    pickups = Pickup.objects.with_related().filter(Exists(online), ~Exists(live) | Exists(lapsed), day__market=market)
    pickups = pickups.filter(~Exists(waived.filter(due__lt=SMALLEST_CENTS)), cancelled_at=None)
    last = PaymentAttempt.objects.filter(order=OuterRef("pk")).order_by("-pk")
    rows = pickups.annotate(
        owed=owed.total(owed.MOST, "part__pickup", part__online=True),
        ended_at=Subquery(last.values("ended_at")[:1]),
        lapsed=Subquery(lapsed.values("pk")[:1]),
    ).filter(owed__gt=0)
    return Kind(
        "order-without-money",
        _("Orders without their money"),
        _("The card holds nothing any more, and nothing was taken: have the resident pay at the stalls, or cancel."),
        [Finding(row.owed, row.ended_at or row.placed_at, row, attempt_id=row.lapsed or 0) for row in rows],
    )


def _less_than_due(market: Market) -> Kind:
    """Once taken, an amount can only become less: what is due beyond it can't be had by card."""
    captured = shares_of(market, attempt__state=State.CAPTURED, attempt__order__pickup__cancelled_at=None)
    return Kind(
        "less-than-due",
        _("Less was taken than is due"),
        _("The difference can’t be taken from the card any more: the producer is paid what was taken."),
        [
            Finding(
                row.share.due_cents - row.kept_cents,
                row.share.attempt.captured_at,
                _pickup(row.share.attempt),
                row.share.producer.name,
            )
            for row in underpaid(captured)
        ],
    )


def _not_collected(market: Market, now: dt.datetime) -> Kind:
    """Paid for, and the market is over; what was decided since is due no more, or handed over."""
    captured = shares_of(market, attempt__state=State.CAPTURED, attempt__order__pickup__cancelled_at=None)
    left = captured.filter(earned_at=None, due_cents__gt=0, attempt__order__pickup__day__ends_at__lt=now)
    return Kind(
        "not-collected",
        _("Paid in advance, and not handed over"),
        _(
            "The producer is not paid for it. If it was handed over after all, the stall notes it; else take the lines "
            "off the order, and the resident is refunded."
        ),
        [
            Finding(share.due_cents, _pickup(share.attempt).day.ends_at, _pickup(share.attempt), share.producer.name)
            for share in left
        ],
    )


def shares_of(market: Market, **wanted: object) -> ShareQuerySet:
    """Shares of this market's orders, with all that is told of them."""
    shares = Share.objects.filter(attempt__order__pickup__day__market=market, **wanted)
    return shares.select_related("producer__partner", "attempt__order__pickup__day").order_by("pk")


def _attempts(market: Market) -> AttemptQuerySet:
    attempts = PaymentAttempt.objects.filter(order__pickup__day__market=market)
    return attempts.select_related("order__pickup__day")


def _pickup(attempt: PaymentAttempt) -> Pickup:
    pickup: Pickup = attempt.order.pickup
    return pickup
