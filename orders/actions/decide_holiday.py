"""A manager decides whether the market is held on a public holiday."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from marche.common.actors import Actor
from marche.common.language import in_town_language
from marche.common.refusals import Problem, Refused
from marche.markets.locks import lock_day
from marche.markets.models import MarketDay
from orders.steps.cancel import cancel_locked_day


def decide_holiday(day_id: int, *, held: bool, by: Actor) -> MarketDay:
    """Hold the market on that day, or cancel it: then everybody is told, as by cancel_day.

    Raises Refused when it was decided already, and MarketDay.DoesNotExist.
    """
    with transaction.atomic(durable=True):
        day = lock_day(day_id)
        if day.holiday_decision != MarketDay.HolidayDecision.PENDING or day.cancelled_at:
            raise Refused(Problem("decided", _("This was decided already.")))
        day.holiday_decision = MarketDay.HolidayDecision.KEPT if held else MarketDay.HolidayDecision.NOT_NEEDED
        day.save(update_fields=["holiday_decision"])
        if not held:
            with in_town_language():
                reason = _("Public holiday: %(holiday)s") % {"holiday": day.holiday}
            cancel_locked_day(day, reason=reason[:200], by=by)
    return day
