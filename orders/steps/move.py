"""The plan of moving or prolonging a market day: the problems that forbid it, and what becomes of its slots."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marche.common.refusals import Problem
from marche.common.wording import day_in_words, hour
from marche.markets.calendar import DayTimes
from marche.markets.models import MarketDay, Slot
from marche.markets.slots import SlotPlan, plan_slots

if TYPE_CHECKING:
    from marche.markets.models import Market


@dataclass(frozen=True)
class Move:
    """A day, read with its market, and the times that it is to have."""

    day: MarketDay
    after: DayTimes
    slots: Sequence[Slot]

    @property
    def before(self) -> DayTimes:
        return DayTimes(self.day.opens_at, self.day.closes_at, self.day.starts_at, self.day.ends_at)

    @property
    def date(self) -> dt.date:
        """The date on which the market will be held."""
        return self.after.starts_at.astimezone(self.day.market.zone).date()

    @property
    def hours_change(self) -> bool:
        return (self.before.starts_at, self.before.ends_at) != (self.after.starts_at, self.after.ends_at)

    @property
    def plan(self) -> SlotPlan:
        """What becomes of the slots; untouched while the hours of the market stay."""
        if not self.hours_change:
            return SlotPlan([(slot, (slot.starts_at, slot.ends_at)) for slot in self.slots])
        return plan_slots(self.day.market, self.slots, self.before, self.after)

    @property
    def reopens(self) -> bool:
        """Whether summaries are made, and orders will enter again."""
        return self.day.closed_at is not None and self.after.closes_at > timezone.now()

    @property
    def problems(self) -> list[Problem]:
        """Everything that stands in the way, in whole sentences; nothing when it can be done."""
        found = _problems_of_day(self.day) or [
            *_problems_of_order(self.after, self.day.market),
            *_problems_of_clock(self.before, self.after),
        ]
        if not found:
            found = [*self._problems_of_date(), *self._problems_of_slots()]
        return found

    def _problems_of_slots(self) -> list[Problem]:
        plan = self.plan
        if plan.stranded or plan.spans:
            return [_stranded(slot) for slot in plan.stranded]
        return [Problem("too-short", _("The market must last at least as long as one of its slots."))]

    def _problems_of_date(self) -> list[Problem]:
        others = MarketDay.objects.filter(market=self.day.market_id, date=self.date).exclude(pk=self.day.pk)
        if not others.exists():
            return []
        words = {"day": day_in_words(self.date)}
        return [Problem("date", _("There is a market day on %(day)s already: choose another date.") % words)]


def _problems_of_day(day: MarketDay) -> list[Problem]:
    if day.cancelled_at:
        return [Problem("cancelled", _("This market day is cancelled."))]
    if day.ends_at <= timezone.now():
        return [Problem("over", _("This market day is over."))]
    return []


def _problems_of_order(after: DayTimes, market: Market) -> list[Problem]:
    """Check the order of the four times."""
    found = []
    if after.opens_at >= after.closes_at:
        found.append(Problem("closes", _("Orders must close after they open.")))
    if after.closes_at > after.starts_at:
        found.append(Problem("closes", _("Orders must close before the market starts.")))
    if after.starts_at >= after.ends_at:
        found.append(Problem("ends", _("The market must end after it starts.")))
    elif after.starts_at.astimezone(market.zone).date() != after.ends_at.astimezone(market.zone).date():
        found.append(Problem("ends", _("A market ends on the day on which it starts.")))
    return found


def _problems_of_clock(before: DayTimes, after: DayTimes) -> list[Problem]:
    """Check that no time in the past changes, and that no new time lies in the past."""
    now = timezone.now()
    over = {
        "opens_at": _("Orders have opened already: that can’t be changed any more."),
        "closes_at": "",  # a day that is closed may be opened again
        "starts_at": _("The market has started already: only its end can still be changed."),
        "ends_at": "",
    }
    past = {
        "opens_at": _("Orders can’t open in the past."),
        "closes_at": _("Orders can’t close in the past: choose a time to come."),
        "starts_at": _("The market can’t start in the past."),
        "ends_at": _("The market can’t end in the past."),
    }
    found = []
    for name in over:
        old, new = getattr(before, name), getattr(after, name)
        if old == new:
            continue
        if over[name] and old <= now:
            found.append(Problem(name, over[name]))
        elif new <= now:
            found.append(Problem(name, past[name]))
    return found


def _stranded(slot: Slot) -> Problem:
    words = {"from": hour(slot.starts_at), "to": hour(slot.ends_at), "count": slot.reserved}
    sentence = ngettext(
        "%(count)d resident has chosen the slot from %(from)s to %(to)s, which has no place in the new hours: choose "
        "longer ones, or cancel that order first.",
        "%(count)d residents have chosen the slot from %(from)s to %(to)s, which has no place in the new hours: choose "
        "longer ones, or cancel those orders first.",
        slot.reserved,
    )
    return Problem("stranded", sentence % words)
