"""A manager decides whether the market is held on a public holiday."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from marche.common.language import in_town_language
from marche.markets.locks import lock_day
from marche.markets.models import MarketDay
from orders.steps.cancel import cancel_locked_day


def decide_holiday(day_id: int, *, held: bool, user_id: int | None = None) -> MarketDay:
    """Hold the market on that day, or cancel it: then everybody is told, as by cancel_day.

    Raises ValidationError when it was decided already, and MarketDay.DoesNotExist.
    """
    with transaction.atomic(durable=True):
        day = lock_day(day_id)
        if day.holiday_decision != MarketDay.HolidayDecision.PENDING or day.cancelled_at:
            raise ValidationError(_("This was decided already."))
        day.holiday_decision = MarketDay.HolidayDecision.KEPT if held else MarketDay.HolidayDecision.NOT_NEEDED
        day.save(update_fields=["holiday_decision"])
        if not held:
            with in_town_language():
                reason = _("Public holiday: %(holiday)s") % {"holiday": day.holiday}
            cancel_locked_day(day, reason[:200], user_id)
    return day
