"""A manager changes a market's habit: where and when it is held, its slots, and when it takes orders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from marche.markets.locks import lock_coming_days, lock_market
from marche.markets.models import Market, MarketDay


def change_market(market_id: int, values: Mapping[str, Any]) -> Market:
    """Write these fields of the market. Days made already keep their times, cap and slots.

    Raises ValidationError, by field, when the habit could make no day, and Market.DoesNotExist.
    """
    with transaction.atomic(durable=True):
        market = lock_market(market_id)
        for name, value in values.items():
            setattr(market, name, value)
        check_habit(market)
        market.full_clean()
        market.save(update_fields=list(values))
        # The pages of the coming days show its place and telephone: they are made again.
        days = [day.pk for day in lock_coming_days(market)]
        MarketDay.objects.filter(pk__in=days).update(catalogue_version=F("catalogue_version") + 1)
    return market


def check_habit(market: Market) -> None:
    """What the fields are to one another, beyond each by itself. Raises ValidationError, by field."""
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
