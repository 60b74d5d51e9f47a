"""What each stall was ordered, handed over and was paid."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import BooleanField, Count, ExpressionWrapper, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marche.markets.models import MarketDay
from orders.models import LineDetail, ProducerOrder
from orders.report.tables import Column, Kind, Table
from producers.kinds import PaymentMeans


@dataclass(frozen=True)
class Share:
    """The parts of one producer that are alike: handed over or not, not paid (`means` is empty) or paid alike.

    Amounts in cents, with tax.
    """

    stall: int | None
    producer: str
    handed_over: bool
    means: str
    parts: int
    ordered: int
    missing: int
    taken: int

    @property
    def due(self) -> int:
        return self.ordered - self.missing

    @property
    def to_pay(self) -> int:
        """What is due of goods that are gone and not paid."""
        return self.due if self.handed_over and not self.means else 0

    @property
    def difference(self) -> int:
        """What was taken beyond what was due, or below it (less than zero)."""
        return self.taken - self.due if self.means else 0


def shares_of(day: MarketDay, numbers: dict[int, int]) -> list[Share]:
    """All parts of the day that are not cancelled, by stall. One query."""
    names = ("producer__partner", "producer__partner__name", "is_handed_over", "paid_means")
    lost = LineDetail.objects.filter(part=OuterRef("pk"), missing=True).order_by().values("part")
    parts = ProducerOrder.objects.filter(day=day).alive().order_by()
    parts = parts.annotate(
        lost=Coalesce(Subquery(lost.annotate(cents=Sum("amount_cents")).values("cents")), 0),
        is_handed_over=ExpressionWrapper(Q(handed_over_at__isnull=False), BooleanField()),
    )
    rows = parts.values_list(*names).annotate(
        Count("pk"), Sum("total_cents"), Sum("lost"), taken=Coalesce(Sum("paid_cents"), 0)
    )
    shares = [Share(numbers.get(partner), *row) for partner, *row in rows]
    return sorted(shares, key=lambda share: (share.stall is None, share.stall or 0, share.producer, share.means))


def producers_table(shares: Sequence[Share]) -> Table:
    columns = (
        Column("etal", _("Stall"), Kind.COUNT, adds=False),
        Column("producteur", _("Producer")),
        Column("parts", _("Parts of orders"), Kind.COUNT),
        Column("commande", _("Ordered"), Kind.CENTS),
        Column("remises", pgettext("parts", "Handed over"), Kind.COUNT),
        Column("manquant", _("Missing amount"), Kind.CENTS),
        *(Column(means.value, _capital(means), Kind.CENTS) for means in PaymentMeans),
        Column("ecart", _("Difference"), Kind.CENTS),
        Column("a-payer", _("To pay"), Kind.CENTS),
        Column("non-remises", pgettext("parts", "Not handed over"), Kind.COUNT),
        Column("non-remis", _("Amount not handed over"), Kind.CENTS),
    )
    groups: dict[tuple[int | None, str], list[Share]] = {}
    for share in shares:
        groups.setdefault((share.stall, share.producer), []).append(share)
    rows = [(stall, name, *_figures(group)) for (stall, name), group in groups.items()]
    note = _(
        "Ordered, with VAT, before weighing. Difference: what was taken beyond what was due, or below it. To pay: what "
        "was handed over and is not noted as paid."
    )
    return Table("producteurs", _("Producers"), columns, rows, note, _("Nothing was ordered."), sortable=True)


def payments_table(shares: Sequence[Share]) -> Table:
    columns = (
        Column("moyen", _("Means of payment")),
        Column("etal", _("Stall"), Kind.COUNT, adds=False),
        Column("producteur", _("Producer")),
        Column("paiements", _("Payments"), Kind.COUNT),
        Column("du", _("Amount due"), Kind.CENTS),
        Column("encaisse", _("Money taken"), Kind.CENTS),
        Column("ecart", _("Difference"), Kind.CENTS),
    )
    rows = []
    for means in PaymentMeans:
        groups: dict[tuple[int | None, str], list[Share]] = {}
        for share in shares:
            if share.means == means:
                groups.setdefault((share.stall, share.producer), []).append(share)
        for (stall, name), group in groups.items():
            figures = [
                add(group, what)
                for what in (lambda s: s.parts, lambda s: s.due, lambda s: s.taken, lambda s: s.difference)
            ]
            rows.append((_capital(means), stall, name, *figures))
    note = _("As the stalls noted them. What is bought besides at a stall is not in it.")
    return Table("paiements", _("Payments"), columns, rows, note, _("No stall has noted a payment."))


def add(shares: Sequence[Share], what: Callable[[Share], int]) -> int:
    """The sum of one figure of these shares."""
    return sum(map(what, shares))


def _figures(shares: Sequence[Share]) -> list[int]:
    """In the order of the columns of `producers_table`."""
    handed_over = [share for share in shares if share.handed_over]
    waiting = [share for share in shares if not share.handed_over]
    return [
        add(shares, lambda share: share.parts),
        add(shares, lambda share: share.ordered),
        add(handed_over, lambda share: share.parts),
        add(shares, lambda share: share.missing),
        *(sum(share.taken for share in shares if share.means == means) for means in PaymentMeans),
        add(shares, lambda share: share.difference),
        add(shares, lambda share: share.to_pay),
        add(waiting, lambda share: share.parts),
        add(waiting, lambda share: share.ordered),
    ]


def _capital(means: PaymentMeans) -> str:
    return str(means.label).capitalize()
