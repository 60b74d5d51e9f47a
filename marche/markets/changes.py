"""Until when a day's places may change."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from marche.common.refusals import Problem, Refused
from marche.markets.models import MarketDay


def check_takes_changes(day: MarketDay, now: dt.datetime) -> None:
    """Raise Refused when no order can enter this day any more, so that its places change nothing."""
    if day.cancelled_at:
        raise Refused(Problem("cancelled", _("This market day is cancelled.")))
    if not day.is_before_cutoff(now):
        raise Refused(Problem("closed", _("Orders for this market day are closed.")))
