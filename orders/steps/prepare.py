"""When a part can be prepared, and how weights, numbers and lines taken off are recorded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marche.common.actors import Actor
from marche.common.language import in_town_language
from marche.common.refusals import Problem, Refused
from marche.common.wording import weight
from marche.markets.locks import lock_day
from marche.markets.models import MarketDay
from marche.payments.adjust import adjust_payment
from orders.models import LineDetail, OrderChange, ProducerOrder, StrikeReason
from orders.presenters.wording import count_words
from orders.steps.hand_over import note_change, require_at_most, require_not_pending
from orders.steps.revise_summaries import revise_summaries
from orders.steps.tell import tell_of_part
from orders.steps.within_card import keep_within_card

UNUSUAL = "unusual"  # the code of a refusal that goes away when somebody says that the weight is right
NOTED = ("final_grams", "final_cents", "struck", "prepared_quantity", "given_quantity", "given_grams", "given_cents")
TOO_MANY = "too-many"  # the code of a refusal of more units than there can be
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
    part: ProducerOrder,
    grams: Mapping[int, int],
    struck: Mapping[int, str],
    by: Actor,
    units: Mapping[int, int] | None = None,
    sure: Collection[int] = (),
) -> bool:
    """Write quantities, weights and lines taken off on a locked part; True unless the same stands there already.

    Raises Refused as `prepare_part` does, having written nothing that outlives the transaction.
    """
    require_to_prepare(part)
    details = [detail for detail in part.details.all() if not detail.missing]
    counted, struck = _without_none(details, units or {}, struck)
    _require_weights(details, counted, grams, struck, sure)
    before = {detail.pk: (detail.struck, detail.units) for detail in details}
    changed = [
        line for line in details if _note(line, counted[line.pk], grams.get(line.pk), struck.get(line.pk))
    ]  # fmt: skip
    if part.prepared_at and not changed:
        return False
    LineDetail.objects.bulk_update(changed, NOTED)
    require_at_most(part, part.paid_cents or 0)
    part.prepared_at = timezone.now()
    part.save(update_fields=["prepared_at"])
    at_the_stall = part.online and keep_within_card(part)
    with in_town_language():
        said = _prepared_words(details, before)[:200]
        change = note_change(part, OrderChange.Kind.PREPARED, by, said)
        if newly := [line for line in details if _is_less(line, before[line.pk])]:
            said = _struck_words(newly)[:200]
            change = note_change(part, OrderChange.Kind.STRUCK, by, said)
    adjust_payment(part.pickup, said)
    if any(line.units != before[line.pk][1] for line in details):
        tell_of_part(part, change)
    if at_the_stall:  # the producer's list says that it is paid already
        revise_summaries(lock_day(part.day_id), [part.producer_id], said)
    return True


Before = tuple[str, int]  # why a line was taken off, and how many units of it were given


def _is_less(line: LineDetail, before: Before) -> bool:
    """Whether a line was taken off now, or for another reason, or there is less of it than was said before."""
    return (bool(line.struck) and line.struck != before[0]) or 0 < line.units < before[1]


def _prepared_words(details: Iterable[LineDetail], before: Mapping[int, Before]) -> str:
    """ "Poulet fermier 1,62 kg, remis : Carottes": what was weighed, and what is back in the order after all."""
    weighed = [f"{line.title} {weight(line.final_grams)}" for line in details if line.final_grams and not line.struck]
    back = [line.title for line in details if line.units > before[line.pk][1]]
    said = [*weighed, *(_("put back: %(product)s") % {"product": title} for title in back)]
    return ", ".join(said) or _("nothing to weigh")


def _struck_words(lines: Iterable[LineDetail]) -> str:
    """ "Carottes (il n’y en avait pas assez), Laitues (2 sur 3)": what was taken off, and what there is less of."""
    return ", ".join(_("%(product)s (%(reason)s)") % {"product": line.title, "reason": _why(line)} for line in lines)


def _why(line: LineDetail) -> str:
    return str(StrikeReason(line.struck).label) if line.struck else count_words(line, line.units)


def is_capped(line: LineDetail) -> bool:
    """Whether the pieces are heavier than was announced, so that their price stays at the maximum."""
    most = line.most_of(line.set_aside)
    return line.final_grams is not None and line.weighed_cents(line.price_cents, line.final_grams) > most


def _state(line: LineDetail) -> tuple[object, ...]:
    return tuple(getattr(line, name) for name in NOTED)


def _note(line: LineDetail, units: int, grams: int | None, why: str | None) -> bool:
    """Set what is final of a line; whether that changes it."""
    before = _state(line)
    line.struck = StrikeReason(why).value if why else ""
    line.prepared_quantity = units if units < line.quantity and not why else None
    line.given_quantity = line.given_grams = line.given_cents = None
    if not why:
        line.final_grams = grams if line.is_estimated else None
        line.final_cents = line.cents_of(units, line.final_grams)
    return before != _state(line)


def too_many_words(line: LineDetail, count: int) -> str:
    return _("%(product)s: there are %(count)d, not more.") % {"product": line.title, "count": count}


def _without_none(
    details: Iterable[LineDetail], units: Mapping[int, int], struck: Mapping[int, str]
) -> tuple[dict[int, int], dict[int, str]]:
    """How many units there are of each line, and why lines are taken off: none of it is a line that is taken off.

    Raises Refused for more units than were ordered.
    """
    counted = {line.pk: units.get(line.pk, line.quantity) for line in details}
    if problems := [
        Problem(TOO_MANY, too_many_words(line, line.quantity), line.listing_id)
        for line in details
        if not 0 <= counted[line.pk] <= line.quantity
    ]:
        raise Refused(*problems)
    none = {pk: StrikeReason.SHORTAGE.value for pk, count in counted.items() if not count}
    return counted, {**none, **struck}


def _require_weights(
    details: Iterable[LineDetail],
    units: Mapping[int, int],
    grams: Mapping[int, int],
    struck: Mapping[int, str],
    sure: Collection[int],
) -> None:
    """Raise Refused naming each weighed line without a weight that can be true, or one that is not as announced.

    The latter is true once somebody has looked at the scale again: the keys of these lines are in `sure`.
    """
    weighed = [line for line in details if line.is_estimated and not struck.get(line.pk)]
    found = (_problem(line, units[line.pk], grams.get(line.pk), is_sure=line.pk in sure) for line in weighed)
    if problems := [problem for problem in found if problem]:
        raise Refused(*problems)


def _problem(line: LineDetail, units: int, grams: int | None, *, is_sure: bool) -> Problem | None:
    stands_there = (units, grams) == (line.set_aside, line.final_grams)
    return weight_problem(line, units, grams, is_sure=is_sure or stands_there)


def weight_problem(line: LineDetail, units: int, grams: int | None, *, is_sure: bool) -> Problem | None:
    """Why so many pieces of a line can't weigh `grams` together, or likely don't; None where they do.

    `is_sure`: somebody has looked at the scale again.
    """
    if grams is None:
        sentence = _("Weigh %(product)s, or take it off.") % {"product": line.title}
        return Problem("to-weigh", sentence, line.listing_id)
    words = {"product": line.title, "weight": weight(grams)}
    if grams <= 0 or grams * ABSURD < (line.min_grams or 0):
        return Problem("too-light", _("%(weight)s is too little for %(product)s.") % words, line.listing_id)
    if grams > (line.max_grams or 0) * units * ABSURD:
        return Problem("too-heavy", _("%(weight)s is too much for %(product)s.") % words, line.listing_id)
    return None if is_sure else _not_as_announced(line, units, grams)


def _not_as_announced(line: LineDetail, units: int, grams: int) -> Problem | None:
    """A weight that can be true, and is more likely that of one piece of several, or mistyped: one is asked."""
    least, most = (line.min_grams or 0) * units, (line.max_grams or 0) * units
    words = {"weight": weight(grams), "least": weight(least), "most": weight(most), "count": units}
    if grams < least:
        sentence = ngettext(
            "%(weight)s is less than was announced, %(least)s at least. Is it right?",
            "%(weight)s for %(count)d pieces is less than was announced, %(least)s at least. "
            "Are they all on the scale?",
            units,
        )
        return Problem(UNUSUAL, sentence % words, line.listing_id)
    if grams > most:
        sentence = ngettext(
            "%(weight)s is more than was announced, %(most)s at most. Is it right?",
            "%(weight)s for %(count)d pieces is more than was announced, %(most)s at most. Is it right?",
            units,
        )
        return Problem(UNUSUAL, sentence % words, line.listing_id)
    return None
