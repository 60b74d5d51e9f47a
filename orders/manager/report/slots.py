"""How the slots filled, and how many of their residents came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marche.markets.models import MarketDay, Slot
from orders.models import Pickup, ProducerOrder
from orders.presenters.tables import CellKind, Column, Table


@dataclass(frozen=True)
class SlotLine:
    """A slot with its orders that are not cancelled; `collected`: those that every stall has handed over."""

    slot: Slot
    orders: int
    collected: int
    ordered: int
    due: int


def slot_lines(day: MarketDay) -> list[SlotLine]:
    """By time. Two queries."""
    waiting = Exists(ProducerOrder.objects.not_cancelled().filter(pickup=OuterRef("pk"), handed_over_at=None))
    pickups = Pickup.objects.filter(day=day).not_cancelled().with_owed().order_by().annotate(is_waiting=waiting)
    counts = pickups.values_list("slot").annotate(
        orders=Count("pk"),
        collected=Count("pk", filter=Q(is_waiting=False)),
        ordered=Sum("total_cents"),
        due=Sum("due_cents"),
    )
    sums = {slot: figures for slot, *figures in counts}
    return [SlotLine(slot, *sums.get(slot.pk, (0, 0, 0, 0))) for slot in Slot.objects.filter(day=day)]


def slots_table(lines: Sequence[SlotLine]) -> Table:
    columns = (
        Column("de", pgettext("time", "From"), CellKind.HOUR),
        Column("a", pgettext("time", "To"), CellKind.HOUR),
        Column("places", _("Places"), CellKind.COUNT),
        Column("commandes", _("Orders"), CellKind.COUNT),
        Column("remplissage", _("Filling"), CellKind.PERCENT, adds=False),
        Column("commande", _("Ordered"), CellKind.CENTS),
        Column("retirees", _("Collected whole"), CellKind.COUNT),
        Column("du", _("Amount due"), CellKind.CENTS),
    )
    rows = [
        (
            line.slot.starts_at,
            line.slot.ends_at,
            line.slot.capacity,
            line.orders,
            line.orders * 1000 // line.slot.capacity * 10 if line.slot.capacity else None,
            line.ordered,
            line.collected,
            line.due,
        )
        for line in lines
    ]
    return Table("creneaux", _("Slots"), columns, rows, empty=_("This day has no slots."))
