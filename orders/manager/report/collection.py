"""The table of parts that nobody has collected."""

from __future__ import annotations

from django.db.models import Case, IntegerField, When
from django.utils.translation import gettext as _

from marche.common.telephone import phone
from marche.markets.models import MarketDay, Phase
from orders.manager.report.stalls import taken_by_card
from orders.models import ProducerOrder
from orders.presenters.tables import CellKind, Column, Table

NAMES = (
    "pickup__number",
    "pickup__name",
    "pickup__phone",
    "pickup__slot__starts_at",
    "producer__partner",
    "producer",
    "due_cents",
    "got",
)


def not_collected_table(
    day: MarketDay, numbers: dict[int, int], names: dict[int, str], phase: Phase
) -> Table:  # fmt: skip
    """Empty until the market is on. By order number; one query."""
    columns = (
        Column("commande", _("Order"), CellKind.COUNT, adds=False),
        Column("nom", _("Name")),
        Column("telephone", _("Telephone")),
        Column("creneau", _("Slot"), CellKind.HOUR),
        Column("etal", _("Stall"), CellKind.COUNT, adds=False),
        Column("producteur", _("Producer")),
        Column("montant", _("Amount"), CellKind.CENTS),
        Column("paye", _("Paid already"), CellKind.CENTS),
    )
    empty = _("Known from the start of the market on.")
    rows: list[tuple[int, str, str, object, int | None, str, int, int | None]] = []
    if phase in (Phase.ON, Phase.OVER):
        empty = _("Everything was collected.")
        parts = ProducerOrder.objects.filter(day=day, handed_over_at=None).not_cancelled().with_owed()
        by_card = When(online=True, then=taken_by_card())
        parts = parts.annotate(got=Case(by_card, default="paid_cents", output_field=IntegerField()))
        rows = [
            (number, name, phone(written), slot, numbers.get(partner), names[producer], cents, paid)
            for number, name, written, slot, partner, producer, cents, paid in parts.order_by(
                "pickup__number", "producer"
            ).values_list(*NAMES)
        ]
    return Table("non-retirees", _("Not collected"), columns, rows, empty=empty)  # type: ignore[arg-type]
