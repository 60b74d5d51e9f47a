"""A producer's statement of one market day: what was paid by card for its goods, and what of it has come to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marche.markets.models import MarketDay, Stall
from marche.payments.ledger import ShareBalance, balances
from marche.payments.models import Dispute, Share
from marche.payments.querysets import ShareQuerySet
from orders.models import ProducerOrder
from orders.presenters.statement_lines import Line, lines_of
from orders.presenters.tables import CellKind, Column, Table
from orders.snapshot import snapshot
from producers.models import Producer


@dataclass(frozen=True)
class Statement:
    """`orders`: the table, one row for each order paid by card. `at_stall` counts the parts that were paid there.

    `under_way_cents` is what Stripe is being asked to bring to the producer, less what it is asked to take back.
    `contested` counts the payments that a bank has not decided about, `lost` those that it gave back to the resident
    before anything of them was transferred. `until`: when the last of the facts told here happened.
    """

    producer: Producer
    day: MarketDay
    stall_number: int | None
    orders: Table
    balance_cents: int  # still to come, but for what a bank contests; negative is what the producer has too much
    contested: int
    lost: int
    under_way_cents: int
    at_stall: int
    at_stall_cents: int
    until: dt.datetime
    is_final: bool  # whether the market is over: from then on lines are only added

    @property
    def withheld_cents(self) -> int:
        """What settled debts of other statements; below zero, what others settled of this one."""
        return self.orders.total("retenu")


def statement_of(producer: Producer, day: MarketDay) -> Statement:
    """How a producer stands for one market day, at one moment: in a fixed number of queries."""
    now = timezone.now()
    with snapshot():
        rows = balances(_shares(producer, day))
        lines = lines_of(rows, day)
        stall = _taken_at_stall(producer, day)
        number = Stall.objects.numbers(day.market_id).get(producer.partner_id)
        lost = _lost(rows)
    is_final = now >= day.ends_at
    return Statement(
        producer=producer,
        day=day,
        stall_number=number,
        orders=_table(lines),
        balance_cents=sum(row.balance_cents for row in rows if not row.is_contested),
        contested=sum(row.is_contested and row.share.attempt_id not in lost for row in rows),
        lost=sum(row.share.attempt_id in lost and not row.transferred_cents for row in rows),
        under_way_cents=sum(row.waiting_cents for row in rows),
        at_stall=stall["count"],
        at_stall_cents=stall["cents"],
        until=max([day.ends_at, *(line.at for line in lines)]) if is_final else now,
        is_final=is_final,
    )


def _lost(rows: Iterable[ShareBalance]) -> set[int]:
    """The attempts of these shares that a bank has given back to the resident for good."""
    decided = Dispute.objects.lost().filter(attempt__in={row.share.attempt_id for row in rows if row.is_contested})
    return set(decided.values_list("attempt", flat=True))


def _shares(producer: Producer, day: MarketDay) -> ShareQuerySet:
    told = Share.objects.filter(producer=producer, attempt__order__pickup__day=day).stated()
    return told.select_related("attempt__order__pickup").order_by("attempt__order__pickup__number")


def _taken_at_stall(producer: Producer, day: MarketDay) -> dict[str, int]:
    parts = ProducerOrder.objects.of(producer).filter(day=day, paid_at__isnull=False)
    return parts.aggregate(count=Count("pk"), cents=Coalesce(Sum("paid_cents"), 0))


def _table(lines: Iterable[Line]) -> Table:
    """Net is charged less refunded less fee; what is still to come is net less transferred less withheld."""
    return Table(
        slug="releve",
        title=_("Orders by card, and what came of them"),
        columns=(
            Column("date", _("Date"), CellKind.DATE),
            Column("numero", _("Order"), CellKind.COUNT, adds=False),
            Column("prenom", _("First name")),
            Column("operation", pgettext("statement", "What")),
            Column("maximum", _("Ordered (at most)"), CellKind.CENTS),
            Column("debite", pgettext("statement", "Charged"), CellKind.CENTS),
            Column("rembourse", pgettext("statement", "Refunded"), CellKind.CENTS),
            Column("frais", _("Stripe’s fee"), CellKind.CENTS),
            Column("net", pgettext("statement", "Net"), CellKind.CENTS),
            Column("verse", pgettext("statement", "Transferred"), CellKind.CENTS),
            Column("retenu", pgettext("statement", "Withheld"), CellKind.CENTS),
        ),
        rows=[line.row for line in lines],
        note=_(
            "Sales as they stood when the market ended; what came later has a line of its own, with its date, and no "
            "line changes afterwards. Net: charged, less what was refunded and the fee. Transferred: what was sent to "
            "you for this statement, less what was taken back. Withheld: what settled a debt of another statement, or "
            "(below zero) what another one settled of this."
        ),
        empty=_("No order of this day is by card."),
    )
