"""Questions asked of many markets or many days at once."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

    from marche.markets.models import Market, MarketDay, Stall  # noqa: F401  (named below)


class MarketQuerySet(models.QuerySet["Market"]):
    def active(self) -> Self:
        return self.filter(active=True)

    def only_contact(self) -> str:
        """The contact address of the market, where there is one market and no more; else ""."""
        found = list(self.active().values_list("contact_email", flat=True)[:2])
        return found[0] if len(found) == 1 else ""

    def managed_by(self, user: User | AnonymousUser) -> Self:
        """The markets that this person manages; an administrator manages all."""
        return self.all() if user.is_superuser else self.filter(managers=user.pk)


class StallQuerySet(models.QuerySet["Stall"]):
    def numbers(self, market_id: int) -> dict[int, int]:
        """The stalls' numbers on a market, by the key of Oscar's partner."""
        return dict(self.filter(market=market_id).values_list("partner", "number"))


class MarketDayQuerySet(models.QuerySet["MarketDay"]):
    def taking_place(self) -> Self:
        """Days that take place: neither cancelled nor waiting for a decision about a public holiday."""
        return self.filter(cancelled_at=None, market__active=True).exclude(holiday_decision="pending")

    def open(self, now: dt.datetime | None = None) -> Self:
        """Days that take orders at the aware time `now` (default: now): those in the phase OPEN."""
        now = now or timezone.now()
        return self.taking_place().filter(opens_at__lte=now, closes_at__gt=now, closed_at=None)

    def before_cutoff(self, now: dt.datetime | None = None) -> Self:
        """Days whose orders and offers can still change, as `MarketDay.is_before_cutoff` says it of one."""
        return self.filter(cancelled_at=None, closed_at=None, closes_at__gt=now or timezone.now())

    def coming(self, now: dt.datetime | None = None) -> Self:
        """Days whose market has not ended yet, soonest first."""
        return self.filter(ends_at__gt=now or timezone.now()).order_by("starts_at", "market_id")

    def due_to_close(self, now: dt.datetime | None = None) -> Self:
        """Days past their cutoff whose summaries are not all made. By state, so that nothing late is missed."""
        return self.filter(closes_at__lte=now or timezone.now(), closed_at=None, cancelled_at=None)
