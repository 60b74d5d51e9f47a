"""A producer's statement of one market day: what was paid by card for its goods, and what of it has come to it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marche.markets.models import MarketDay, Stall
from marche.payments.ledger import Standing, standings
from marche.payments.models import PaymentAttempt, Share
from marche.payments.querysets import ShareQuerySet
from orders.models import ProducerOrder
from orders.report.snapshot import snapshot
from orders.report.tables import Column, Kind, Row, Table
from producers.models import Producer

PAID = (PaymentAttempt.State.AUTHORISED, PaymentAttempt.State.CAPTURED)


@dataclass(frozen=True)
class Statement:
    """`orders`: the table, one row for each order paid by card. `at_stall` counts the parts that were paid there.

    `under_way_cents` is what Stripe is being asked to bring to the producer, less what it is asked to take back.
    """

    producer: Producer
    day: MarketDay
    stall_number: int | None
    orders: Table
    contested: int
    under_way_cents: int
    at_stall: int
    at_stall_cents: int
    read_at: dt.datetime

    @property
    def balance_cents(self) -> int:
        """What is still to come, but for what a bank contests; negative is what the producer has too much."""
        return self.orders.total("solde")


def statement_of(producer: Producer, day: MarketDay) -> Statement:
    """How a producer stands for one market day, at one moment: three queries."""
    with snapshot():
        rows = standings(_shares(producer, day))
        stall = _taken_at_stall(producer, day)
        number = Stall.objects.numbers(day.market_id).get(producer.partner_id)
    return Statement(
        producer=producer,
        day=day,
        stall_number=number,
        orders=_table(rows),
        contested=sum(row.is_contested for row in rows),
        under_way_cents=sum(row.waiting_cents for row in rows),
        at_stall=stall["count"],
        at_stall_cents=stall["cents"],
        read_at=timezone.now(),
    )


def _shares(producer: Producer, day: MarketDay) -> ShareQuerySet:
    paid = Share.objects.filter(producer=producer, attempt__order__pickup__day=day, attempt__state__in=PAID)
    given_up = Q(attempt__state=PaymentAttempt.State.AUTHORISED, attempt__order__pickup__cancelled_at__isnull=False)
    return paid.exclude(given_up).select_related("attempt__order__pickup").order_by("attempt__order__pickup__number")


def _taken_at_stall(producer: Producer, day: MarketDay) -> dict[str, int]:
    parts = ProducerOrder.objects.of(producer).filter(day=day, paid_at__isnull=False)
    return parts.aggregate(count=Count("pk"), cents=Coalesce(Sum("paid_cents"), 0))


def _table(rows: list[Standing]) -> Table:
    """Net is charged less refunded less fee; the balance is net less transferred."""
    return Table(
        slug="releve",
        title=_("Orders paid by card"),
        columns=(
            Column("numero", _("Order"), Kind.COUNT, adds=False),
            Column("prenom", _("First name")),
            Column("maximum", _("Ordered (at most)"), Kind.CENTS),
            Column("debite", pgettext("statement", "Charged"), Kind.CENTS),
            Column("rembourse", pgettext("statement", "Refunded"), Kind.CENTS),
            Column("frais", _("Stripe’s fee"), Kind.CENTS),
            Column("net", pgettext("statement", "Net"), Kind.CENTS),
            Column("verse", pgettext("statement", "Transferred"), Kind.CENTS),
            Column("solde", _("Still to come"), Kind.CENTS),
        ),
        rows=[_row(row) for row in rows],
        note=_(
            "Net: charged, less what was refunded and the fee. Transferred: what was sent to you, less what was "
            "taken back."
        ),
        empty=_("No order of this day was paid by card."),
    )


def _row(row: Standing) -> Row:
    pickup = row.share.attempt.order.pickup
    return (
        pickup.number,
        pickup.first_name,
        row.share.authorised_cents,
        row.captured_cents,
        row.refunded_cents,
        row.fee_cents,
        row.net_cents,
        row.moved_cents,
        pgettext("statement", "contested") if row.is_contested else row.balance_cents,
    )
