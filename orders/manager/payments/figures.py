"""What the last market days came to, in money paid by card."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marche.common.wording import day_in_words
from marche.markets.models import Market, MarketDay
from marche.payments.ledger import ShareBalance, balances
from marche.payments.models import Dispute, PaymentAttempt, Share
from marche.payments.statements import DAY
from orders.presenters.tables import CellKind, Column, Row, Table

DAYS = 8
PAID = (PaymentAttempt.State.AUTHORISED, PaymentAttempt.State.CAPTURED)


def figures_of(market: Market, now: dt.datetime) -> Table:
    """A row for each of the last days that took orders, the latest first. Four queries."""
    days = list(MarketDay.objects.filter(market=market, opens_at__lte=now).order_by("-starts_at")[:DAYS])
    attempts = _attempts(days)
    shares: defaultdict[int, list[ShareBalance]] = defaultdict(list)
    paid = Share.objects.filter(**{f"{DAY}__in": days}, attempt__state__in=PAID).order_by()
    for balance in balances(paid.annotate(day=F(DAY))):
        shares[balance.share.day].append(balance)  # type: ignore[attr-defined]
    lost = _lost(days)
    return Table(
        slug="jours",
        title=_("The last market days"),
        columns=(
            Column("jour", _("Day")),
            Column("commandes", _("Orders by card"), CellKind.COUNT),
            Column("reserve", pgettext("money", "Held on cards"), CellKind.CENTS),
            Column("debite", pgettext("money", "Charged"), CellKind.CENTS),
            Column("rembourse", pgettext("money", "Refunded"), CellKind.CENTS),
            Column("frais", _("Stripe’s fees"), CellKind.CENTS),
            Column("verse", pgettext("money", "Transferred"), CellKind.CENTS),
            Column("retenu", pgettext("money", "Withheld"), CellKind.CENTS),
            Column("a-verser", pgettext("money", "To be transferred"), CellKind.CENTS),
            Column("perdu", _("Lost in disputes"), CellKind.CENTS),
            Column("ville", _("Left to the town"), CellKind.CENTS),
        ),
        rows=[_row(day, attempts.get(day.pk, (0, 0, 0)), shares[day.pk], lost.get(day.pk, 0)) for day in days],
        note=_(
            "Transferred: for that day’s goods alone, less what was taken back. Withheld: what settled a producer’s "
            "debt of another day (below zero: what another day settled). Left to the town: charged, less what was "
            "refunded, Stripe’s fees, what producers were and will be paid, what was withheld and what was lost. Below "
            "zero, it is what the town pays."
        ),
        empty=_("No market day has taken orders yet."),
    )


def _attempts(days: Iterable[MarketDay]) -> dict[int, tuple[int, int, int]]:
    """Orders, cents authorised on cards, cents of Stripe's fees."""
    rows = PaymentAttempt.objects.filter(order__pickup__day__in=days, state__in=PAID).order_by()
    is_authorised = Q(state=PaymentAttempt.State.AUTHORISED)
    sums = rows.values_list("order__pickup__day").annotate(
        orders=Count("pk"),
        authorised=Coalesce(Sum("amount_cents", filter=is_authorised), 0),
        fees=Coalesce(Sum("fee_cents"), 0),
    )
    return {day: (orders, authorised, fees) for day, orders, authorised, fees in sums}


def _lost(days: Iterable[MarketDay]) -> dict[int, int]:
    lost = Dispute.objects.lost().filter(**{f"{DAY}__in": days}).order_by()
    return dict(lost.values_list(DAY).annotate(Sum("cents")))


def _row(day: MarketDay, sums: tuple[int, int, int], shares: list[ShareBalance], lost: int) -> Row:
    """What a bank contests stays with the town until it is decided."""
    charged = sum(row.captured_cents for row in shares)
    refunded = sum(row.refunded_cents for row in shares)
    transferred = sum(row.transferred_cents - row.reversed_cents for row in shares)
    withheld = sum(row.netted_cents for row in shares)
    coming = sum(row.balance_cents for row in shares if not row.is_contested)
    orders, authorised, fees = sums
    left = charged - refunded - fees - transferred - withheld - coming - lost
    name = f"{day_in_words(day.starts_at)} {day.date.year}"
    return name, orders, authorised, charged, refunded, fees, transferred, withheld, coming, lost, left
