"""A producer hands over its part of an order at the stall, and notes what was paid with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from marche.common.actors import Actor
from marche.common.language import in_town_language
from marche.common.refusals import Problem, Refused
from marche.payments.adjust import adjust_payment
from orders.locks import lock_part
from orders.models import LineDetail, OrderChange, ProducerOrder
from orders.presenters.paying import Payment
from orders.steps.give import Given, give, given_before, in_words, none_of, some_of
from orders.steps.hand_over import Noted, note_change, note_payment, require_at_most, require_noting_time
from orders.steps.tell import tell_of_part


def hand_over(
    part_id: int,
    *,
    missing: Collection[int] = (),
    given: Mapping[int, Given] | None = None,
    sure: Collection[int] = (),
    payment: Payment | None = None,
    by: Actor,
) -> Noted:
    """Note that this part was handed over, but for the lines `missing` (their keys), and paid if it was.

    `given`: of which lines fewer units than were set aside are handed over, by their keys; none is the same as missing.
    Returns the part, and whether this call changed anything: a second scan, or a second phone, finds what the first
    one wrote. For who pays by card, pieces that nobody weighed count as estimated from now on. Raises Refused
    for what is cancelled, not confirmed, too early, too late, handed over or paid differently already, paid too much,
    or paid by card on the site, for more units than were set aside, for fewer weighed pieces without a weight that can
    be true, with the code `prepare.UNUSUAL` for one that is not as announced unless the line is in `sure`, and
    ProducerOrder.DoesNotExist.
    """
    with transaction.atomic(durable=True):
        part = lock_part(part_id)
        require_noting_time(part)
        is_new = part.handed_over_at is None
        lines = list(part.details.filter(struck=""))
        gone, some = none_of(lines, missing, given or {}), some_of(lines, missing, given or {}, sure)
        if is_new:
            _write(part, lines, gone, some, by)
        elif (gone, some) != ({line.pk for line in lines if line.missing}, given_before(lines)):
            sentence = _("This order was handed over already, with other goods. Take back what was noted first.")
            raise Refused(Problem("handed-over-otherwise", sentence))
        if payment:
            is_new = note_payment(part, payment, by) or is_new
    return Noted(part, is_new)


def _write(
    part: ProducerOrder, lines: Sequence[LineDetail], gone: Collection[int], some: Mapping[int, Given], by: Actor
) -> None:
    for line in lines:
        line.missing = line.missing or line.pk in gone
        if line.pk in some:
            give(line, some[line.pk])
    LineDetail.objects.bulk_update(lines, ["missing", "given_quantity", "given_grams", "given_cents"])
    require_at_most(part, part.paid_cents or 0)
    part.handed_over_at = timezone.now()
    part.save(update_fields=["handed_over_at"])
    with in_town_language():
        reason = _reason([line.title for line in lines if line.pk in gone], in_words(lines))
    change = note_change(part, OrderChange.Kind.HANDED_OVER, by, reason[:200])
    if part.online:
        _make_final(part, reason[:200])
    if gone or some:
        tell_of_part(part, change)


def _reason(missing: Sequence[str], fewer: str) -> str:
    words = {"products": ", ".join(missing), "fewer": fewer}
    if missing and fewer:
        return _("At the stall, without: %(products)s; fewer: %(fewer)s") % words
    if fewer:
        return _("At the stall, fewer: %(fewer)s") % words
    return _("At the stall, without: %(products)s") % words if missing else _("At the stall")


def _make_final(part: ProducerOrder, reason: str) -> None:
    """Fix what is owed for a part paid by card. From here on, only taking lines off can change it."""
    if part.prepared_at is None:
        part.prepared_at = part.handed_over_at
        part.save(update_fields=["prepared_at"])
    part.details.filter(final_cents=None, struck="").update(final_cents=F("amount_cents"))
    adjust_payment(part.pickup, reason)
