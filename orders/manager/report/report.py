"""The whole report of a day, read at one moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marche.markets.models import MarketDay, Phase, Stall
from orders.manager.report.chart import Chart, chart_of
from orders.manager.report.collection import not_collected_table
from orders.manager.report.goods import categories_table, products_table, sales_of, vat_table
from orders.manager.report.messages import failed_table, messages_table
from orders.manager.report.slots import SlotLine, slot_lines, slots_table
from orders.manager.report.stalls import AlikeParts, lost_in_disputes, payments_table, producers_table, shares_of
from orders.manager.report.timeline import buckets_of, orders_table
from orders.presenters.tables import CellKind, Column, Table, in_words
from orders.snapshot import snapshot
from producers.models import Producer
from producers.namesakes import told_apart


@dataclass(frozen=True)
class Figures:
    """What a manager looks at first. Amounts in cents, with tax; parts are what one stall hands over of an order."""

    orders: int
    cap: int
    taken_places: int
    places: int
    parts: int
    handed_over: int
    ordered: int
    missing: int
    due: int
    taken: int
    difference: int
    to_pay: int
    not_handed_over: int

    @property
    def waiting(self) -> int:
        """Parts that are not handed over."""
        return self.parts - self.handed_over

    @property
    def per_order(self) -> int:
        """What an order comes to on average, to the cent below; 0 without orders."""
        return self.ordered // self.orders if self.orders else 0


@dataclass(frozen=True)
class Report:
    """`tables` by their slugs, in the order of reading. The first is the figures themselves."""

    day: MarketDay
    phase: Phase
    read_at: dt.datetime
    figures: Figures
    tables: dict[str, Table]
    chart: Chart

    @property
    def difference_in_words(self) -> str:
        """ "+1,20 €" or "−1,20 €": what was taken, against what was due for it."""
        words = in_words(self.figures.difference, CellKind.CENTS)
        return f"+{words}" if self.figures.difference > 0 else words

    def sorted_by(self, wanted: str) -> Report:
        """With one table sorted as an address asks: "produits.-montant". Anything else changes nothing."""
        slug, _dot, order = wanted.partition(".")
        if slug not in self.tables:
            return self
        return replace(self, tables={**self.tables, slug: self.tables[slug].sorted_by(order)})


def report_of(day_id: int, now: dt.datetime | None = None) -> Report:
    """Read the report of this day: as many queries for one order as for thousands. Raises MarketDay.DoesNotExist."""
    with snapshot():
        return _read(MarketDay.objects.select_related("market").get(pk=day_id), now or timezone.now())


def _read(day: MarketDay, now: dt.datetime) -> Report:
    phase = day.phase(now)
    numbers = Stall.objects.numbers(day.market_id)
    names = told_apart(Producer.objects.filter(orders__day=day).distinct().select_related("partner"))
    slots, buckets = slot_lines(day), buckets_of(day)
    shares, sales = shares_of(day, numbers, names), sales_of(day, numbers, names)
    figures = _figures(day, slots, shares)
    tables = (
        _figures_table(figures),
        orders_table(buckets, now),
        slots_table(slots),
        producers_table(shares),
        payments_table(shares, lost_in_disputes(day)),
        not_collected_table(day, numbers, names, phase),
        products_table(sales),
        categories_table(sales),
        vat_table(sales),
        messages_table(day),
        failed_table(day),
    )
    return Report(day, phase, now, figures, {table.slug: table for table in tables}, chart_of(day, buckets))


def _figures(day: MarketDay, slots: Sequence[SlotLine], shares: Sequence[AlikeParts]) -> Figures:
    handed_over = [share for share in shares if share.handed_over]
    return Figures(
        orders=day.orders_count,
        cap=day.order_cap,
        taken_places=sum(line.slot.reserved for line in slots),
        places=sum(line.slot.capacity for line in slots),
        parts=sum(share.parts for share in shares),
        handed_over=sum(share.parts for share in handed_over),
        ordered=sum(share.ordered for share in shares),
        missing=sum(share.missing for share in shares),
        due=sum(share.due for share in shares),
        taken=sum(share.taken for share in shares),
        difference=sum(share.difference for share in shares),
        to_pay=sum(share.to_pay for share in shares),
        not_handed_over=sum(share.due for share in shares if not share.handed_over),
    )


def _figures_table(figures: Figures) -> Table:
    cells = (
        ("commandes", _("Orders"), CellKind.COUNT, figures.orders),
        ("plafond", _("Orders at most"), CellKind.COUNT, figures.cap),
        ("places-prises", _("Places taken"), CellKind.COUNT, figures.taken_places),
        ("places", _("Places"), CellKind.COUNT, figures.places),
        ("parts", _("Parts of orders"), CellKind.COUNT, figures.parts),
        ("remises", pgettext("parts", "Handed over"), CellKind.COUNT, figures.handed_over),
        ("non-remises", pgettext("parts", "Not handed over"), CellKind.COUNT, figures.waiting),
        ("commande", _("Ordered"), CellKind.CENTS, figures.ordered),
        ("manquant", _("Missing amount"), CellKind.CENTS, figures.missing),
        ("du", _("Amount due"), CellKind.CENTS, figures.due),
        ("encaisse", _("Money taken"), CellKind.CENTS, figures.taken),
        ("ecart", _("Difference"), CellKind.CENTS, figures.difference),
        ("a-payer", _("To pay"), CellKind.CENTS, figures.to_pay),
        ("non-remis", _("Amount not handed over"), CellKind.CENTS, figures.not_handed_over),
    )
    columns = tuple(Column(key, title, kind, adds=False) for key, title, kind, _value in cells)
    return Table("chiffres", _("The day in figures"), columns, [tuple(value for *_words, value in cells)])
