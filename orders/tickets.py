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
from orders.wording import line_words
from producers.models import Producer


@dataclass(frozen=True)
class TicketPart:
    """One stall: who, what, what is to be paid there (cents), and what is done."""

    pk: int
    stall_number: int | None
    producer: Producer
    lines: Sequence[LineDetail]
    total_cents: int
    vat_cents: int
    vat_franchise: bool
    online: bool
    cancelled: bool = False
    handed_over_at: dt.datetime | None = None
    payment: Payment | None = None

    @property
    def is_done(self) -> bool:
        is_paid = self.online or self.payment is not None or not self.due_cents
        return self.cancelled or (self.handed_over_at is not None and is_paid)

    @property
    def due_cents(self) -> int:
        """What is owed, but for what is off: as weighed, else the estimate."""
        return 0 if self.cancelled else sum(line.due_cents for line in self.lines)

    @property
    def most_cents(self) -> int:
        """The most that can be owed: what is due, once everything is weighed."""
        return 0 if self.cancelled else sum(line.most_cents for line in self.lines)

    @property
    def is_estimated(self) -> bool:
        return self.most_cents > self.due_cents

    @property
    def sentences(self) -> list[tuple[str, str]]:
        """What each line holds and its amount, as people read them: ("Carottes : 1,5 kg", "5,63 €")."""
        return [(_sentence(line), euros(line.due_cents)) for line in self.lines]


class TicketParts(list[TicketPart]):
    """The stalls of one ticket, in walking order, and what they come to together."""

    @property
    def due_cents(self) -> int:
        return sum(part.due_cents for part in self)

    @property
    def most_cents(self) -> int:
        return sum(part.most_cents for part in self)


def _sentence(line: LineDetail) -> str:
    words = {"title": line.title, "words": line_words(line)}
    if line.struck:
        return _("%(title)s: %(words)s, taken off") % words
    if line.missing:
        return _("%(title)s: %(words)s, missing") % words
    return (_("%(title)s: %(words)s weighed") if line.final_grams else _("%(title)s: %(words)s")) % words


def parts_of(pickup: Pickup) -> TicketParts:
    """The parts of a pickup, in walking order, in three queries."""
    numbers = Stall.objects.numbers(pickup.day.market_id)
    details = Prefetch("details", LineDetail.objects.order_by("line_id"))
    parts = ProducerOrder.objects.filter(pickup=pickup).select_related("producer__partner").prefetch_related(details)
    made = [
        TicketPart(
            part.pk,
            numbers.get(part.producer.partner_id),
            part.producer,
            list(part.details.all()),
            part.total_cents,
            part.vat_cents,
            part.vat_franchise,
            part.online,
            part.cancelled_at is not None,
            part.handed_over_at,
            payment_of(part),
        )
        for part in parts
    ]
    return TicketParts(sorted(made, key=lambda part: (part.stall_number or 0, part.producer.sort_key)))
