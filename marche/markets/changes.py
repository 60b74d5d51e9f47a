"""Until when a day's places may change."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from marche.markets.models import MarketDay


def check_takes_changes(day: MarketDay, now: dt.datetime) -> None:
    """Raise ValidationError when no order can enter this day any more, so that its places change nothing."""
    if day.cancelled_at:
        raise ValidationError(_("This market day is cancelled."))
    if not day.is_before_cutoff(now):
        raise ValidationError(_("Orders for this market day are closed."))
