"""A manager changes a market's habit: where and when it is held, its slots, and when it takes orders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from marche.common.actors import Actor
from marche.common.language import in_town_language
from marche.common.refusals import Refused
from marche.markets.habit import check_habit
from marche.markets.locks import lock_coming_days, lock_market
from marche.markets.models import Market, MarketDay
from orders.models.day_changes import known_of
from orders.steps.note_day_change import note_day_change
from orders.steps.revise_summaries import revise_summaries

PLACE = ("place", "street", "postcode", "town")


def change_market(market_id: int, *, values: Mapping[str, Any], by: Actor) -> Market:
    """Write these fields of the market. Days made already keep their times, cap and slots.

    Its place is that of the days made already too: whoever offers something for them, or has ordered, is told. Raises
    Refused, by field, when the habit could make no day, and Market.DoesNotExist.
    """
    with transaction.atomic(durable=True):
        market = lock_market(market_id)
        days = [day for day in lock_coming_days(market) if day.cancelled_at is None]
        before = {day.pk: known_of(_of(market, day)) for day in days}
        where = _where(market)
        for name, value in values.items():
            setattr(market, name, value)
        _check(market)
        market.save(update_fields=list(values))
        # The pages of the coming days show its place and telephone: they are made again.
        MarketDay.objects.filter(pk__in=before).update(catalogue_version=F("catalogue_version") + 1)
        if where != _where(market):
            for day in days:
                _tell(day, before[day.pk], by)
    return market


def _check(market: Market) -> None:
    try:
        check_habit(market)
        market.full_clean()
    except ValidationError as error:
        raise Refused.of(error) from error


def _of(market: Market, day: MarketDay) -> MarketDay:
    day.market = market
    return day


def _where(market: Market) -> tuple[str, ...]:
    return tuple(getattr(market, name) for name in PLACE)


def _tell(day: MarketDay, before: dict[str, str], by: Actor) -> None:
    with in_town_language():
        reason = _("The market is held at another place")
    note_day_change(day, before, reason=reason, by=by)
    revise_summaries(day, day.summaries.values_list("producer", flat=True), reason)
