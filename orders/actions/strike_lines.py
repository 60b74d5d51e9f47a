"""A manager takes lines off an order, whose money then goes back to the resident."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from marche.common.actors import Actor
from marche.common.language import in_town_language
from marche.common.refusals import Problem, Refused
from marche.markets.locks import lock_day
from marche.payments.adjust import adjust_payment
from orders.locks import lock_part
from orders.models import OrderChange, ProducerOrder, StrikeReason
from orders.steps.hand_over import Noted, note_change
from orders.steps.revise_summaries import revise_summaries
from orders.steps.tell import tell_of_part


def strike_lines(part_id: int, *, lines: Collection[int], why: StrikeReason, reason: str, by: Actor) -> Noted:
    """Take these lines (their keys) off a part, at any time, also once the goods were handed over.

    After the summaries were made the producer gets a revision that says so, before that its summary never names them.
    `reason` is in words what `why` is, as the resident reads it: it names nobody. Returns the part, and whether this
    call changed anything: a line that was taken off already keeps its first reason. Raises Refused for what is
    cancelled or was paid at the stall, and ProducerOrder.DoesNotExist.
    """
    with transaction.atomic(durable=True):
        part = lock_part(part_id)
        _refuse_when_it_cannot_be(part)
        there = part.details.filter(pk__in=lines, struck="")
        titles = ", ".join(there.values_list("title", flat=True))
        if not titles:
            return Noted(part, is_new=False)
        there.update(struck=why)
        with in_town_language():
            said = (_("%(products)s: %(reason)s") % {"products": titles, "reason": reason})[:200]
        change = note_change(part, OrderChange.Kind.STRUCK, by, said)
        adjust_payment(part.pickup, said)
        revise_summaries(lock_day(part.day_id), [part.producer_id], said)
        tell_of_part(part, change)
    return Noted(part, is_new=True)


def _refuse_when_it_cannot_be(part: ProducerOrder) -> None:
    if part.cancelled_at:
        raise Refused(Problem("cancelled", _("This order is cancelled: there is nothing to take off.")))
    if part.paid_at:
        sentence = _("This part was paid at the stall: the producer gives the money back there.")
        raise Refused(Problem("paid-at-stall", sentence))
