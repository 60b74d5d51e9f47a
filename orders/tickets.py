"""What a ticket shows of each stall, in walking order; for the page, the PDF and the mail alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from marche.markets.models import Stall
from marche.wording import euros
from orders.handover import Payment, payment_of
from orders.models import LineDetail, Pickup, ProducerOrder
from producers.models import Producer
from producers.wording import quantity_words


@dataclass(frozen=True)
class TicketPart:
    """One stall: who, what, what is to be paid there (cents), and what is done."""

    stall_number: int | None
    producer: Producer
    lines: Sequence[LineDetail]
    total_cents: int
    max_cents: int
    vat_cents: int
    handed_over_at: dt.datetime | None = None
    payment: Payment | None = None

    @property
    def is_done(self) -> bool:
        return self.handed_over_at is not None and (self.payment is not None or not self.due_cents)

    @property
    def due_cents(self) -> int:
        """What is to be paid, but for what was missing."""
        return sum(line.amount_cents for line in self.lines if not line.missing)

    @property
    def is_estimated(self) -> bool:
        return any(line.max_cents > line.amount_cents for line in self.lines if not line.missing)

    @property
    def sentences(self) -> list[tuple[str, str]]:
        """What each line holds and its amount, as people read them: ("Carottes : 1,5 kg", "5,63 €")."""
        return [(_sentence(line), euros(line.amount_cents)) for line in self.lines]


def _sentence(line: LineDetail) -> str:
    words = {"title": line.title, "words": quantity_words(line, line.quantity)}
    return _("%(title)s: %(words)s, missing") % words if line.missing else _("%(title)s: %(words)s") % words


def parts_of(pickup: Pickup) -> list[TicketPart]:
    """The parts of a pickup, in walking order, in three queries."""
    numbers = Stall.objects.numbers(pickup.day.market_id)
    details = Prefetch("details", LineDetail.objects.order_by("line_id"))
    parts = ProducerOrder.objects.filter(pickup=pickup).select_related("producer__partner").prefetch_related(details)
    made = [
        TicketPart(
            numbers.get(part.producer.partner_id),
            part.producer,
            list(part.details.all()),
            part.total_cents,
            part.max_cents,
            part.vat_cents,
            part.handed_over_at,
            payment_of(part),
        )
        for part in parts
    ]
    return sorted(made, key=lambda part: (part.stall_number or 0, part.producer.sort_key))
