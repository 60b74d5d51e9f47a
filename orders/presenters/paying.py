"""How a part of an order is paid, in the words that every page, mail and file uses: to be paid, reserved, paid.

A card first holds the most (*reserved*); nothing is *paid* until the money is taken. What has become of the payment of
a whole order, in sentences with amounts, is presenters/card.py; what is said before one orders,
templatetags/payment.py.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from marche.common.wording import day_in_words, euros, hour
from marche.payments.models import PaymentAttempt
from producers.kinds import PaymentMeans

if TYPE_CHECKING:
    from orders.models import ProducerOrder

State = PaymentAttempt.State


@dataclass(frozen=True)
class Payment:
    """What was taken at a stall: `cents` with tax, more than zero."""

    means: PaymentMeans
    cents: int

    @property
    def words(self) -> str:
        """ "12,30 € (cheque)"."""
        return _("%(amount)s (%(means)s)") % {"amount": euros(self.cents), "means": self.means.label}


def payment_of(part: ProducerOrder) -> Payment | None:
    """What was taken for this part, if it was paid."""
    return Payment(PaymentMeans(part.paid_means), part.paid_cents) if part.paid_cents else None


class Paying(StrEnum):
    """How far the payment of one part is."""

    AT_STALL = "at-stall"  # to be paid there
    PAID_AT_STALL = "paid-at-stall"
    WAITS = "waits"  # to be paid by card on the site: nothing is confirmed
    RESERVED = "reserved"  # the card holds the money
    PAID = "paid"  # it was taken
    NOTHING = "nothing"  # nothing was captured, and nothing is authorised any more


def paying_of(part: ProducerOrder) -> Paying:
    """Of a part read `with_card_state`, and its pickup."""
    if part.paid_at:
        return Paying.PAID_AT_STALL
    if not part.online:
        return Paying.AT_STALL
    return paying_of_card(part.card_state, is_cancelled=bool(part.cancelled_at) or part.pickup.is_cancelled)


def paying_of_card(state: str | None, *, is_cancelled: bool) -> Paying:
    """Of an attempt to pay in this state, for what is cancelled or stands."""
    if state == State.CAPTURED:
        return Paying.PAID
    if state in (State.VOIDED, State.EXPIRED) or is_cancelled:
        return Paying.NOTHING
    return Paying.RESERVED if state == State.AUTHORISED else Paying.WAITS


def paying_words(paying: Paying, means: str = "") -> str:
    """ "Réservé sur la carte": beside an amount, or alone. `means`: with what was paid at the stall."""
    if paying is Paying.PAID_AT_STALL:
        return _("Paid (%(means)s)") % {"means": PaymentMeans(means).label}
    return {
        Paying.AT_STALL: _("To pay at the stall"),
        Paying.WAITS: _("To pay by card"),
        Paying.RESERVED: _("Reserved on the card"),
        Paying.PAID: _("Paid by card"),
        Paying.NOTHING: _("Nothing is taken from the card"),
    }[paying]


def nothing_words() -> str:
    """In the place of how it is paid, where a part was cancelled or each of its lines taken off."""
    return _("Nothing to collect here")


def stall_sentence(paying: Paying) -> str:
    """What a producer is told who has the order before it, of a part that is paid by card on the site; else nothing."""
    return {
        Paying.WAITS: _("This order is not confirmed: the resident has not paid yet."),
        Paying.RESERVED: _("Reserved on the resident’s card: there is nothing to take."),
        Paying.PAID: _("Paid by card on the site: there is nothing to take."),
        Paying.NOTHING: _("Nothing is taken from the card, and there is nothing to take."),
    }.get(paying, "")


def by_card_words() -> str:
    """What stands for good on a producer's list, whatever becomes of the money."""
    return _("by card on the site")


def take_nothing_words() -> str:
    """The same, as a remark for whoever hands over."""
    return _("By card on the site: take no money.")


def correctable_words(until: dt.datetime) -> str:
    """Until when what was noted of a part that is paid by card can be put right: "Vous pouvez corriger jusqu’au …"."""
    return _("Can be corrected until %(day)s, %(hour)s.") % {"day": day_in_words(until), "hour": hour(until)}
