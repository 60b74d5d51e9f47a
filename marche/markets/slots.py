"""How the slots of a day go along when its hours change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marche.markets.calendar import DayTimes
    from marche.markets.models import Market, Slot

Span = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True)
class SlotPlan:
    """What becomes of each slot. `stranded` are those that somebody has chosen and that have no place any more."""

    kept: list[tuple[Slot, Span]] = field(default_factory=list)
    dropped: list[Slot] = field(default_factory=list)
    stranded: list[Slot] = field(default_factory=list)
    added: list[Span] = field(default_factory=list)

    @property
    def spans(self) -> list[Span]:
        """The hours of all slots afterwards, by beginning."""
        return sorted([span for _slot, span in self.kept] + self.added)


def plan_slots(market: Market, slots: Sequence[Slot], before: DayTimes, after: DayTimes) -> SlotPlan:
    """Carry the slots of a day, by beginning, into its new hours, with the residents who have chosen them.

    A day of the same length moves as a whole: each slot by as much. When it becomes longer or shorter, each slot keeps
    its hour, so that who comes at ten still comes at ten; when somebody would then be left without a place, the slots
    follow the new beginning, or the new end. What lies outside goes if nobody has chosen it, and what is missing at
    either end is added.
    """
    plans = [_carried(slots, shift, after) for shift in _shifts(market, slots, before, after)]
    fitting = [plan for plan in plans if not plan.stranded] or plans[:1]
    best = next((plan for plan in fitting if plan.kept), fitting[0])
    best.added.extend(_missing(market, slots, [span for _slot, span in best.kept], after))
    return best


def _shifts(market: Market, slots: Sequence[Slot], before: DayTimes, after: DayTimes) -> list[dt.timedelta]:
    """By how much all slots may move, the best first. Lengths are absolute: right across a change of clock."""
    first = before.starts_at.astimezone(market.zone)
    same_hour = market.at(after.starts_at.astimezone(market.zone).date(), first.time()) - before.starts_at
    with_start, with_end = after.starts_at - before.starts_at, after.ends_at - before.ends_at
    shifts = [with_start] if with_start == with_end else [same_hour, with_start, with_end]
    if slots:  # they may lie elsewhere than the hours of the day say
        shifts.append(after.starts_at - slots[0].starts_at)
    return shifts


def _carried(slots: Iterable[Slot], shift: dt.timedelta, after: DayTimes) -> SlotPlan:
    plan = SlotPlan()
    for slot in slots:
        start, end = slot.starts_at + shift, slot.ends_at + shift
        if after.starts_at <= start and end <= after.ends_at:
            plan.kept.append((slot, (start, end)))
        else:
            (plan.stranded if slot.reserved else plan.dropped).append(slot)
    return plan


def _missing(market: Market, slots: Sequence[Slot], kept: Sequence[Span], after: DayTimes) -> list[Span]:
    """Slots of the day's own length before the first that stays and after the last."""
    step = slots[0].ends_at - slots[0].starts_at if slots else dt.timedelta(minutes=market.slot_minutes)
    first, last = (kept[0][0], kept[-1][1]) if kept else (after.starts_at, after.starts_at)
    earlier = [(first - step * i, first - step * (i - 1)) for i in range(1, (first - after.starts_at) // step + 1)]
    later = [(last + step * i, last + step * (i + 1)) for i in range((after.ends_at - last) // step)]
    return earlier[::-1] + later
