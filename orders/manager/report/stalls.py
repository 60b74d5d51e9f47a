"""What each stall was ordered, handed over and was paid."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marche.common.wording import euros
from marche.markets.models import MarketDay
from marche.payments.models import Dispute, Movement
from orders import owed
from orders.models import ProducerOrder
from orders.presenters.tables import CellKind, Column, Table
from producers.kinds import PaymentMeans

ONLINE = "online"  # beside the means of payment of the stalls


@dataclass(frozen=True)
class AlikeParts:
    """The parts of one producer that are alike: handed over or not, not paid (`means` is empty) or paid alike.

    Amounts in cents, with tax. `ordered` at the estimate, and how much of that was `missing` or taken off; `due`: what
    is owed (see owed.py).
    """

    stall: int | None
    producer: str
    handed_over: bool
    means: str
    parts: int
    ordered: int
    missing: int
    due: int
    taken: int

    @property
    def to_pay(self) -> int:
        """What is due of goods that are gone and not paid."""
        return self.due if self.handed_over and not self.means else 0

    @property
    def difference(self) -> int:
        """What was taken beyond what was due, or below it (less than zero)."""
        is_final = self.means and (self.handed_over or self.means != ONLINE)
        return self.taken - self.due if is_final else 0


def shares_of(day: MarketDay, numbers: dict[int, int], labels: dict[int, str]) -> list[AlikeParts]:
    """All parts of the day that are not cancelled, by stall. One query; `labels`: by the producer's key."""
    names = ("producer__partner", "producer", "is_handed_over", "means")
    parts = ProducerOrder.objects.filter(day=day).not_cancelled().with_owed().order_by()
    parts = parts.annotate(
        lost=owed.total(owed.LOST, "part"),
        is_handed_over=ExpressionWrapper(Q(handed_over_at__isnull=False), BooleanField()),
        means=Case(When(online=True, then=Value(ONLINE)), default="paid_means", output_field=CharField()),
        got=Case(
            When(online=True, then=taken_by_card()), default=Coalesce("paid_cents", 0), output_field=IntegerField()
        ),
    )
    sums = (Sum("total_cents"), Sum("lost"), Sum("due_cents"), Sum("got"))
    rows = parts.values_list(*names).annotate(Count("pk"), *sums)
    shares = [AlikeParts(numbers.get(partner), labels[producer], *row) for partner, producer, *row in rows]
    return sorted(shares, key=lambda share: (share.stall is None, share.stall or 0, share.producer, share.means))


def taken_by_card() -> Coalesce:
    """What the resident paid on the site for a part and was not given back."""
    done = Movement.objects.from_residents().counted().order_by()
    of_part = done.filter(share__attempt__order=OuterRef("pickup"), share__producer=OuterRef("producer"))
    return Coalesce(Subquery(of_part.values("share__producer").annotate(sum=Sum("cents")).values("sum")), 0)


def all_means() -> list[tuple[str, str]]:
    """(value, title) of each way to pay: at the stalls, then by card on the site."""
    return [*((means.value, str(means.label).capitalize()) for means in PaymentMeans), (ONLINE, _("Card on the site"))]


def producers_table(shares: Sequence[AlikeParts]) -> Table:
    columns = (
        Column("etal", _("Stall"), CellKind.COUNT, adds=False),
        Column("producteur", _("Producer")),
        Column("parts", _("Parts of orders"), CellKind.COUNT),
        Column("commande", _("Ordered"), CellKind.CENTS),
        Column("remises", pgettext("parts", "Handed over"), CellKind.COUNT),
        Column("manquant", _("Missing amount"), CellKind.CENTS),
        *(Column(means, title, CellKind.CENTS) for means, title in all_means()),
        Column("ecart", _("Difference"), CellKind.CENTS),
        Column("a-payer", _("To pay"), CellKind.CENTS),
        Column("non-remises", pgettext("parts", "Not handed over"), CellKind.COUNT),
        Column("non-remis", _("Amount not handed over"), CellKind.CENTS),
        Column("du", _("Amount due"), CellKind.CENTS),
    )
    groups: dict[tuple[int | None, str], list[AlikeParts]] = {}
    for share in shares:
        groups.setdefault((share.stall, share.producer), []).append(share)
    rows = [(stall, name, *_figures(group)) for (stall, name), group in groups.items()]
    note = _(
        "Ordered, with VAT, before weighing. Difference: what was taken beyond what was due (as weighed), or below it. "
        "To pay: what was handed over and is not noted as paid."
    )
    return Table("producteurs", _("Producers"), columns, rows, note, _("Nothing was ordered."), sortable=True)


def lost_in_disputes(day: MarketDay) -> int:
    """Cents that were taken from cards and that banks have given back for good. One query."""
    lost = Dispute.objects.lost().filter(attempt__order__pickup__day=day)
    return int(lost.aggregate(sum=Coalesce(Sum("cents"), 0))["sum"])


def payments_table(shares: Sequence[AlikeParts], lost: int) -> Table:
    """`lost`: lost_in_disputes."""
    columns = (
        Column("moyen", _("Means of payment")),
        Column("etal", _("Stall"), CellKind.COUNT, adds=False),
        Column("producteur", _("Producer")),
        Column("paiements", _("Payments"), CellKind.COUNT),
        Column("du", _("Amount due"), CellKind.CENTS),
        Column("encaisse", _("Money taken"), CellKind.CENTS),
        Column("ecart", _("Difference"), CellKind.CENTS),
    )
    rows = []
    for means, title in all_means():
        groups: dict[tuple[int | None, str], list[AlikeParts]] = {}
        for share in shares:
            if share.means == means:
                groups.setdefault((share.stall, share.producer), []).append(share)
        for (stall, name), group in groups.items():
            figures = [
                add(group, what)
                for what in (lambda s: s.parts, lambda s: s.due, lambda s: s.taken, lambda s: s.difference)
            ]
            rows.append((title, stall, name, *figures))
    note = _("As the stalls noted them, and as cards were charged. What is bought besides at a stall is not in it.")
    if lost:
        said = _("%(amount)s of it were lost in disputes: the residents have it back, and the town bears it.")
        note = f"{note} {said % {'amount': euros(lost)}}"
    return Table("paiements", _("Payments"), columns, rows, note, _("No stall has noted a payment."))


def add(shares: Sequence[AlikeParts], what: Callable[[AlikeParts], int]) -> int:
    """The sum of one figure of these shares."""
    return sum(map(what, shares))


def _figures(shares: Sequence[AlikeParts]) -> list[int]:
    """In the order of the columns of `producers_table`."""
    handed_over = [share for share in shares if share.handed_over]
    waiting = [share for share in shares if not share.handed_over]
    return [
        add(shares, lambda share: share.parts),
        add(shares, lambda share: share.ordered),
        add(handed_over, lambda share: share.parts),
        add(shares, lambda share: share.missing),
        *(sum(share.taken for share in shares if share.means == means) for means, _title in all_means()),
        add(shares, lambda share: share.difference),
        add(shares, lambda share: share.to_pay),
        add(waiting, lambda share: share.parts),
        add(waiting, lambda share: share.due),
        add(shares, lambda share: share.due),
    ]
