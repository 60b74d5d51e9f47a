"""When an order can be handed over or paid at a stall, and how that is recorded."""

from __future__ import annotations

from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from marche.common.actors import Actor
from marche.common.language import in_town_language
from marche.common.refusals import Problem, Refused
from marche.common.wording import euros
from orders import owed
from orders.models import OrderChange, ProducerOrder
from orders.presenters.paying import Payment, payment_of


class Noted(NamedTuple):
    """A part, and whether this call changed anything of it: a second tap finds what the first one wrote."""

    part: ProducerOrder
    is_new: bool


def require_noting_time(part: ProducerOrder) -> None:
    """Raise Refused for an order that is cancelled or not confirmed, or that it is too early or too late to note."""
    day = part.pickup.day
    if part.cancelled_at:
        raise Refused(Problem("cancelled", _("This order is cancelled: there is nothing to hand over.")))
    require_not_pending(part)
    if not day.is_noting_time():
        too_early = timezone.now() < day.starts_at
        sentence = (
            _("It is too early: orders are handed over on the market day.")
            if too_early
            else _("It is too late: this market day is over for more than a week.")
        )
        raise Refused(Problem("too-early" if too_early else "too-late", sentence))


def require_not_pending(part: ProducerOrder) -> None:
    """Raise Refused for an order that waits for its payment by card: nothing of it is confirmed."""
    if part.pickup.is_pending:
        raise Refused(Problem("pending", _("This order is not confirmed: the resident has not paid yet.")))


def note_payment(part: ProducerOrder, payment: Payment, by: Actor) -> bool:
    """Write a payment on a locked part; True unless the very same stands there already.

    Raises Refused for a part paid by card on the site, for another payment than the one noted, and for more than the
    maximum of what was handed over.
    """
    if part.online:
        raise Refused(Problem("paid-online", _("This order is by card on the site: there is nothing to take.")))
    if noted := payment_of(part):
        if noted == payment:
            return False
        sentence = _("A payment is noted already: %(payment)s. Take it back first.") % {"payment": noted.words}
        raise Refused(Problem("paid-already", sentence))
    require_at_most(part, payment.cents)
    part.paid_at, part.paid_means, part.paid_cents = timezone.now(), payment.means, payment.cents
    part.save(update_fields=["paid_at", "paid_means", "paid_cents"])
    with in_town_language():
        note_change(part, OrderChange.Kind.PAID, by, payment.words)
    return True


def require_at_most(part: ProducerOrder, cents: int) -> None:
    """Raise Refused when `cents` is more than can be owed for what is not off of this part."""
    most = owed.most_of(part)
    if cents > most:
        sentence = _("At most %(amount)s: what is bought besides at the stall is not noted here.")
        if part.paid_at:
            sentence = _("More was paid than this comes to (%(amount)s). Take the payment back first.")
        raise Refused(Problem("too-much", sentence % {"amount": euros(most)}))


def note_change(part: ProducerOrder, kind: OrderChange.Kind, by: Actor, reason: str) -> OrderChange:
    """Write who did what to a locked part, when and why (at most 200 characters, not empty)."""
    return OrderChange.objects.create(
        pickup_id=part.pickup_id, part=part, kind=kind, at=timezone.now(), actor=by.role, user=by.user, reason=reason
    )
