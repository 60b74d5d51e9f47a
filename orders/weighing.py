"""What may be noted of an order that a producer prepares, when, and how it is written down."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marche.markets.locks import lock_day
from marche.markets.models import MarketDay
from marche.wording import weight
from orders.actions.revise_summaries import revise_summaries
from orders.handover import note_change, require_at_most, require_not_pending
from orders.models import LineDetail, OrderChange, ProducerOrder, StrikeReason
from orders.refusals import Problem, Refused
from orders.settling import hold_to_the_card, settle_order
from orders.telling import tell_of_part

if TYPE_CHECKING:
    from django.contrib.auth.models import User

UNUSUAL = "unusual"  # the code of a refusal that goes away when somebody says that the weight is right
ABSURD = 3  # times heavier than the largest piece, or lighter than the smallest: somebody's finger slipped


def require_preparing_time(day: MarketDay) -> None:
    """Raise Refused before orders close, for they may still be cancelled, and once nothing is noted any more."""
    now = timezone.now()
    if day.is_before_cutoff(now):
        sentence = _("It is too early: orders can still change until they close.")
        raise Refused(Problem("too-early", sentence))
    if now >= day.starts_at and not day.is_noting_time(now):
        raise Refused(Problem("too-late", _("It is too late: this market day is over for more than a week.")))


def require_to_prepare(part: ProducerOrder) -> None:
    """Raise Refused for a part that is cancelled, waits for its payment, was handed over, or at another time."""
    if part.cancelled_at:
        raise Refused(Problem("cancelled", _("This order is cancelled: there is nothing to prepare.")))
    require_not_pending(part)
    require_preparing_time(part.pickup.day)
    if part.handed_over_at:
        raise Refused(Problem("handed-over", _("This order was handed over already.")))


def write_prepared(
    part: ProducerOrder, grams: Mapping[int, int], struck: Mapping[int, str], user: User, sure: Collection[int] = ()
) -> bool:
    """Write weights and lines taken off on a part that is held; True unless the very same stands there already.

    Raises Refused as `prepare_part` does, having written nothing that outlives the transaction.
    """
    require_to_prepare(part)
    details = [detail for detail in part.details.all() if not detail.missing]
    _require_weights(details, grams, struck, sure)
    struck_before = {detail.pk: detail.struck for detail in details}
    changed = [detail for detail in details if _note(detail, grams.get(detail.pk), struck.get(detail.pk))]
    if part.prepared_at and not changed:
        return False
    LineDetail.objects.bulk_update(changed, ["final_grams", "final_cents", "struck"])
    require_at_most(part, part.paid_cents or 0)
    part.prepared_at = timezone.now()
    part.save(update_fields=["prepared_at"])
    at_the_stall = part.online and hold_to_the_card(part)
    with translation.override(settings.LANGUAGE_CODE):  # whoever reads it is of the town
        said = _prepared_words(details, struck_before)[:200]
        change = note_change(part, OrderChange.Kind.PREPARED, user, said)
        if newly := [line for line in details if line.struck and line.struck != struck_before[line.pk]]:
            said = _struck_words(newly)[:200]
            change = note_change(part, OrderChange.Kind.STRUCK, user, said)
    settle_order(part.pickup, said)
    if any(bool(line.struck) != bool(struck_before[line.pk]) for line in details):
        tell_of_part(part, change)
    if at_the_stall:  # the producer's list says that it is paid already
        revise_summaries(lock_day(part.day_id), [part.producer_id], said)
    return True


def _prepared_words(details: Iterable[LineDetail], struck_before: Mapping[int, str]) -> str:
    """ "Poulet fermier 1,62 kg, remis : Carottes": what was weighed, and what is back in the order after all."""
    weighed = [f"{line.title} {weight(line.final_grams)}" for line in details if line.final_grams and not line.struck]
    back = [line.title for line in details if struck_before[line.pk] and not line.struck]
    said = [*weighed, *(_("put back: %(product)s") % {"product": title} for title in back)]
    return ", ".join(said) or _("nothing to weigh")


def _struck_words(lines: Iterable[LineDetail]) -> str:
    """ "Carottes (il n’y en avait pas assez)": what was taken off, and why."""
    words = [{"product": line.title, "reason": StrikeReason(line.struck).label} for line in lines]
    return ", ".join(_("%(product)s (%(reason)s)") % one for one in words)


def is_capped(line: LineDetail) -> bool:
    """Whether the pieces are heavier than was announced, so that their price stays at the maximum."""
    return line.final_grams is not None and line.weighed_cents(line.price_cents, line.final_grams) > line.max_cents


def _note(line: LineDetail, grams: int | None, why: str | None) -> bool:
    """Set what is final of a line; whether that changes it."""
    before = (line.final_grams, line.final_cents, line.struck)
    line.struck = StrikeReason(why).value if why else ""
    if not why and grams is not None and line.is_estimated:
        line.final_grams = grams
        line.final_cents = min(line.weighed_cents(line.price_cents, grams), line.max_cents)
    elif not why:
        line.final_cents = line.amount_cents
    return before != (line.final_grams, line.final_cents, line.struck)


def _require_weights(
    details: Iterable[LineDetail], grams: Mapping[int, int], struck: Mapping[int, str], sure: Collection[int]
) -> None:
    """Raise Refused naming each weighed line without a weight that can be true, or one that is not as announced.

    The latter is true once somebody has looked at the scale again: the keys of these lines are in `sure`.
    """
    weighed = [line for line in details if line.is_estimated and not struck.get(line.pk)]
    if problems := [problem for line in weighed if (problem := _problem(line, grams.get(line.pk), sure))]:
        raise Refused(*problems)


def _problem(line: LineDetail, grams: int | None, sure: Collection[int]) -> Problem | None:
    if grams is None:
        sentence = _("Weigh %(product)s, or take it off.") % {"product": line.title}
        return Problem("to-weigh", sentence, line.listing_id)
    words = {"product": line.title, "weight": weight(grams)}
    if grams <= 0 or grams * ABSURD < (line.min_grams or 0):
        return Problem("too-light", _("%(weight)s is too little for %(product)s.") % words, line.listing_id)
    if grams > (line.max_grams or 0) * line.quantity * ABSURD:
        return Problem("too-heavy", _("%(weight)s is too much for %(product)s.") % words, line.listing_id)
    if line.pk in sure or grams == line.final_grams:
        return None
    return _not_as_announced(line, grams)


def _not_as_announced(line: LineDetail, grams: int) -> Problem | None:
    """A weight that can be true, and is more likely that of one piece of several, or mistyped: one is asked."""
    least, most = (line.min_grams or 0) * line.quantity, (line.max_grams or 0) * line.quantity
    words = {"weight": weight(grams), "least": weight(least), "most": weight(most), "count": line.quantity}
    if grams < least:
        sentence = ngettext(
            "%(weight)s is less than was announced, %(least)s at least. Is it right?",
            "%(weight)s for %(count)d pieces is less than was announced, %(least)s at least. "
            "Are they all on the scale?",
            line.quantity,
        )
        return Problem(UNUSUAL, sentence % words, line.listing_id)
    if grams > most:
        sentence = ngettext(
            "%(weight)s is more than was announced, %(most)s at most. Is it right?",
            "%(weight)s for %(count)d pieces is more than was announced, %(most)s at most. Is it right?",
            line.quantity,
        )
        return Problem(UNUSUAL, sentence % words, line.listing_id)
    return None
