"""A manager decides whether the market is held on a public holiday."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from marche.markets.locks import lock_day
from marche.markets.models import MarketDay


def decide_holiday(day_id: int, *, held: bool) -> MarketDay:
    """Hold the market on that day, or cancel it. Raises ValidationError when it was decided already."""
    with transaction.atomic(durable=True):
        day = lock_day(day_id)
        if day.holiday_decision != MarketDay.HolidayDecision.PENDING:
            raise ValidationError(_("This was decided already."))
        day.holiday_decision = MarketDay.HolidayDecision.KEPT if held else MarketDay.HolidayDecision.NOT_NEEDED
        if not held:
            day.cancelled_at, day.cancel_reason = timezone.now(), day.holiday
        day.save(update_fields=["holiday_decision", "cancelled_at", "cancel_reason"])
    return day
