"""What the fields of a market's habit are to one another."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from marche.markets.models import Market


def check_habit(market: Market) -> None:
    """Beyond each field by itself. Raises ValidationError, by field, when the habit could make no day."""
    problems: dict[str, str] = {}
    minutes = _minutes(market.ends) - _minutes(market.starts)
    if minutes <= 0:
        problems["ends"] = _("The market must end after it starts.")
    elif market.slot_minutes > minutes:
        problems["slot_minutes"] = _("A slot can’t be longer than the market: %(minutes)d minutes.") % {
            "minutes": minutes
        }
    if market.closes_weekday == market.weekday and market.closes_time > market.starts:
        problems["closes_time"] = _("Orders must close before the market starts.")
    if problems:
        raise ValidationError(problems)


def _minutes(time: dt.time) -> int:
    return time.hour * 60 + time.minute
