"""What a ticket shows of each stall, in walking order; for the page, the PDF and the mail alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from marche.common.wording import euros
from marche.markets.models import Stall
from orders import owed
from orders.models import LineDetail, Pickup, ProducerOrder
from orders.presenters.paying import Paying, Payment, nothing_words, paying_of, paying_words, payment_of
from orders.presenters.wording import line_words
from producers.models import Producer
from producers.wording import quantity_words


@dataclass(frozen=True)
class TicketPart:
    """One stall: who, what, what is owed there (cents, see owed.py), and what is done."""

    pk: int
    stall_number: int | None
    producer: Producer
    lines: Sequence[LineDetail]
    total_cents: int
    vat_cents: int
    vat_franchise: bool
    due_cents: int
    most_cents: int
    is_paid: bool
    online: bool
    cancelled: bool = False
    handed_over_at: dt.datetime | None = None
    payment: Payment | None = None
    paying: Paying = Paying.AT_STALL

    @property
    def is_void(self) -> bool:
        """Whether nothing is to be collected there: it was cancelled, or each of its lines was taken off."""
        return self.handed_over_at is None and (self.cancelled or all(line.is_off for line in self.lines))

    @property
    def void_words(self) -> str:
        """What stands in the place of the payment and its amount where there is nothing to collect; else nothing."""
        return nothing_words() if self.is_void else ""

    @property
    def paying_words(self) -> str:
        """ "Réservé sur la carte": stands beside the amount."""
        return paying_words(self.paying, self.payment.means if self.payment else "")

    @property
    def paying_line(self) -> str:
        """ "Payé (chèque) : 8,50 €"; "Rien à retirer ici"."""
        if self.is_void:
            return self.void_words
        amount = euros(self.payment.cents if self.payment else self.due_cents)
        return _("%(paying)s: %(amount)s") % {"paying": self.paying_words, "amount": amount}

    @property
    def is_done(self) -> bool:
        return self.cancelled or (self.handed_over_at is not None and self.is_paid)

    @property
    def is_estimated(self) -> bool:
        return self.most_cents > self.due_cents

    @property
    def sentences(self) -> list[tuple[str, str]]:
        """What each line holds and its amount, as people read them: ("Carottes : 1,5 kg", "5,63 €")."""
        if self.cancelled:
            return [(_off(line), euros(0)) for line in self.lines]
        return [(_sentence(line), euros(line.due_cents)) for line in self.lines]


class TicketParts(list[TicketPart]):
    """The stalls of one ticket, in walking order, and what they come to together."""

    @property
    def due_cents(self) -> int:
        return sum(part.due_cents for part in self)

    @property
    def most_cents(self) -> int:
        return sum(part.most_cents for part in self)

    @property
    def by_card_cents(self) -> int:
        """The most that is to be paid by card on the site."""
        return sum(part.most_cents for part in self if part.online)

    @property
    def to_visit(self) -> list[TicketPart]:
        """The stalls where there is something to collect, or something was."""
        return [part for part in self if not part.is_void]


def _off(line: LineDetail) -> str:
    return _("%(title)s: %(words)s, taken off") % {"title": line.title, "words": quantity_words(line, line.quantity)}


def _sentence(line: LineDetail) -> str:
    words = {"title": line.title, "words": line_words(line)}
    if line.struck:
        return _off(line)
    if line.missing:
        return _("%(title)s: %(words)s, missing") % words
    return (_("%(title)s: %(words)s weighed") if line.grams else _("%(title)s: %(words)s")) % words


def parts_of(pickup: Pickup) -> TicketParts:
    """The parts of a pickup, in walking order, in three queries."""
    numbers = Stall.objects.numbers(pickup.day.market_id)
    details = Prefetch("details", LineDetail.objects.order_by("line_id"))
    parts = ProducerOrder.objects.filter(pickup=pickup).with_card_state()
    parts = parts.select_related("pickup", "producer__partner").prefetch_related(details)
    made = [_made(part, numbers.get(part.producer.partner_id)) for part in parts]
    return TicketParts(sorted(made, key=lambda part: (part.stall_number or 0, part.producer.sort_key)))


def _made(part: ProducerOrder, stall_number: int | None) -> TicketPart:
    due_cents = owed.due_of(part)
    return TicketPart(
        pk=part.pk,
        stall_number=stall_number,
        producer=part.producer,
        lines=list(part.details.all()),
        total_cents=part.total_cents,
        vat_franchise=part.vat_franchise,
        vat_cents=0 if part.cancelled_at else sum(owed.vat(line) for line in part.details.all()),
        due_cents=due_cents,
        most_cents=owed.most_of(part),
        is_paid=owed.is_paid(part, due_cents),
        online=part.online,
        cancelled=part.cancelled_at is not None,
        handed_over_at=part.handed_over_at,
        payment=payment_of(part),
        paying=paying_of(part),
    )
