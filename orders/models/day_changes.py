"""What was changed of a market day that residents and producers knew already: its times, or its place."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marche.common.wording import address_in_words
from marche.markets.models import MarketDay

TIMES = ("opens_at", "closes_at", "starts_at", "ends_at")
PLACE = ("name", "place", "street", "postcode", "town")


@dataclass(frozen=True)
class Known:
    """What people knew of a day: its aware times in the market's zone, and where it was."""

    opens_at: dt.datetime
    closes_at: dt.datetime
    starts_at: dt.datetime
    ends_at: dt.datetime
    name: str
    place: str
    street: str
    postcode: str
    town: str

    @property
    def hours(self) -> tuple[dt.datetime, dt.datetime]:
        return self.starts_at, self.ends_at

    @property
    def address(self) -> str:
        """ "place des Halles, 1 rue du Ru, 60000 Beauvais"."""
        return address_in_words(*self.where)

    @property
    def where(self) -> tuple[str, str, str, str]:
        return self.place, self.street, self.postcode, self.town


def known_of(day: MarketDay) -> dict[str, str]:
    """What is kept of a day, read with its market, as it is now."""
    times = {name: getattr(day, name).isoformat() for name in TIMES}
    return times | {name: getattr(day.market, name) for name in PLACE}


class DayChange(models.Model):
    """One change of one day: who, when, why, and what people knew before and after. Rows are only ever added."""

    day = models.ForeignKey(MarketDay, models.PROTECT, related_name="changes")
    at = models.DateTimeField(_("at"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)
    before = models.JSONField()
    after = models.JSONField()
    reopened = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("change of a market day")
        verbose_name_plural = _("changes of market days")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="a_change_of_a_day_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.day_id} {self.at:%Y-%m-%d %H:%M}"

    @cached_property
    def was(self) -> Known:
        return self._known(self.before)

    @cached_property
    def became(self) -> Known:
        return self._known(self.after)

    @property
    def hours_changed(self) -> bool:
        """The date, or the hours of the market."""
        return self.was.hours != self.became.hours

    @property
    def place_changed(self) -> bool:
        return self.was.where != self.became.where

    @property
    def orders_changed(self) -> bool:
        """When orders open or close."""
        return (self.was.opens_at, self.was.closes_at) != (self.became.opens_at, self.became.closes_at)

    def _known(self, kept: dict[str, Any]) -> Known:
        zone = self.day.market.zone
        values: dict[str, Any] = {name: dt.datetime.fromisoformat(kept[name]).astimezone(zone) for name in TIMES}
        return Known(**values, **{name: kept[name] for name in PLACE})
