"""A manager moves or prolongs a market day: its slots go along, and everybody whom it concerns is told."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from django.db import DEFAULT_DB_ALIAS, IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from marche.common.actors import Actor
from marche.common.refusals import Problem, Refused
from marche.markets.calendar import DayTimes, public_holiday
from marche.markets.locks import lock_day, lock_slots
from marche.markets.models import MarketDay, Slot
from marche.markets.slots import SlotPlan
from orders.locks import lock_drafts, lock_free_baskets, lock_pickups
from orders.models import DayBasket, DayChange, Pickup
from orders.models.day_changes import known_of
from orders.steps.move import Move
from orders.steps.note_day_change import note_day_change
from orders.steps.revise_summaries import revise_summaries

if TYPE_CHECKING:
    from collections.abc import Collection

TRIES = 5


class OvertakenError(Exception):
    """Somebody has chosen a slot that was to go since it was looked at."""


def move_day(day_id: int, *, times: DayTimes, reason: str, by: Actor) -> DayChange | None:
    """Give a day these times, its date included, and return what has changed; None when nothing differs.

    Places that are reserved and the residents who hold them go along with their slots, as `plan_slots` says. A closing
    time to come opens a day again whose summaries are made: the next closing gives each of its producers a new one.
    While it stays closed, the revisions that say the new hours leave at once. `reason` (at most 200 characters) is told
    to everybody: it names nobody. Begins anew when residents choose slots meanwhile that were to go. Raises Refused,
    changing nothing, with all that stands in the way, and MarketDay.DoesNotExist.
    """
    for _again in range(TRIES):
        try:
            with transaction.atomic(durable=True):
                return _move(*_lock(day_id, times), reason=reason, by=by)
        except (OvertakenError, IntegrityError):  # the latter where a basket names a slot that was to go
            continue
    raise Refused(Problem("busy", _("Residents are ordering in this very moment: save once more.")))


def _move(move: Move, baskets: list[int], *, reason: str, by: Actor) -> DayChange | None:
    if move.problems:
        raise Refused(*move.problems)
    if move.before == move.after:
        return None
    day, before = move.day, known_of(move.day)
    if move.hours_change:
        _write_slots(day, move.plan, baskets)
    reopens = move.reopens
    _write_day(move)
    change = note_day_change(day, before, reason=reason, by=by, reopened=reopens)
    if day.closed_at:
        revise_summaries(day, day.summaries.values_list("producer", flat=True), reason)
    return change


def _lock(day_id: int, times: DayTimes) -> tuple[Move, list[int]]:
    """The day and its slots, locked; first whatever refers to a slot that may go: baskets, then cancelled orders.

    With the keys of those baskets. Raises OvertakenError when there are others by now: to wait for one of them with the
    slots locked would be to wait for each other, for its order waits for the slot.
    """
    day = MarketDay.objects.select_related("market").get(pk=day_id)
    going = _going(Move(day, times, list(day.slots.all())))
    lock_drafts(DayBasket.objects.filter(slot__in=going))
    lock_pickups(_of(going).values_list("pk", flat=True))
    slots = lock_slots(day_id)
    move = Move(lock_day(day_id), times, slots)
    choosing = DayBasket.objects.filter(slot__in=_going(move))
    baskets = [basket.pk for basket in lock_free_baskets(choosing)]
    if not _going(move) <= going or len(baskets) != choosing.count():
        raise OvertakenError
    return move, baskets


def _going(move: Move) -> set[int]:
    return {slot.pk for slot in move.plan.dropped}


def _of(slot_ids: Collection[int]) -> QuerySet[Pickup]:
    return Pickup.objects.filter(slot__in=slot_ids)


def _write_slots(day: MarketDay, plan: SlotPlan, baskets: list[int]) -> None:
    """Move what stays, drop what nobody has chosen, and add what is missing; no two slots ever begin at once.

    `baskets` are those that named a slot that goes. One that has named it since keeps it from going: PostgreSQL looks
    at the end, where deleting through Django would wait for that basket.
    """
    added = [Slot(day=day, starts_at=s, ends_at=e, capacity=day.market.slot_capacity) for s, e in plan.added]
    if not plan.kept:
        Slot.objects.bulk_create(added)
    nearest = plan.kept[-1][0] if plan.kept else added[0]
    going = [slot.pk for slot in plan.dropped]
    _of(going).update(slot=nearest)  # orders that are cancelled: a ticket names a slot for good
    DayBasket.objects.filter(pk__in=baskets).update(slot=None)
    Slot.objects.filter(pk__in=going)._raw_delete(DEFAULT_DB_ALIAS)  # noqa: SLF001  (see above)
    is_later = bool(plan.kept) and plan.kept[0][1][0] > plan.kept[0][0].starts_at
    for slot, (start, end) in reversed(plan.kept) if is_later else plan.kept:
        slot.starts_at, slot.ends_at = start, end
        slot.save(update_fields=["starts_at", "ends_at"])
    if plan.kept:
        Slot.objects.bulk_create(added)


def _write_day(move: Move) -> None:
    day = move.day
    values = asdict(move.after)
    if move.date != day.date:
        values |= _of_another_date(day, move)
    if move.reopens:
        values["closed_at"] = None
    MarketDay.objects.filter(pk=day.pk).update(**values, catalogue_version=F("catalogue_version") + 1)
    for name, value in values.items():
        setattr(day, name, value)


def _of_another_date(day: MarketDay, move: Move) -> dict[str, object]:
    """The habit makes no second day for the date that is left; whoever chooses a public holiday has decided on it."""
    made_for, holiday = day.moved_from or day.date, public_holiday(move.date)
    decision = MarketDay.HolidayDecision.KEPT if holiday else MarketDay.HolidayDecision.NOT_NEEDED
    return {
        "date": move.date,
        "moved_from": None if made_for == move.date else made_for,
        "holiday": holiday,
        "holiday_decision": decision,
    }
