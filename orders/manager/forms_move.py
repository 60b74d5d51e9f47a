"""What a manager types to move or prolong a market day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from marche.markets.calendar import DayTimes
from marche.markets.models import MarketDay

REASON_LENGTH = 200


def _date(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))


class MoveForm(forms.Form):
    """The four times of a day, as clocks show them at the market, and why they change."""

    SECTIONS = (
        (_("The market"), ("date", "starts", "ends")),
        (_("When residents order"), ("opens_date", "opens", "closes_date", "closes")),
    )

    date = _date(_("date"))
    starts = _time(_("starts at"))
    ends = _time(_("ends at"))
    opens_date = _date(_("orders open on"))
    opens = _time(_("orders open at"))
    closes_date = _date(_("orders close on"))
    closes = _time(_("orders close at"))
    reason = forms.CharField(
        label=_("Why?"),
        max_length=REASON_LENGTH,
        help_text=_("Residents and producers will read it: name nobody."),
        error_messages={"required": _("Say why, in a few words: residents and producers will read it.")},
    )

    def __init__(self, day: MarketDay, data: Any = None) -> None:
        self.day = day
        super().__init__(data, initial=_as_typed(day))
        for field in self.fields.values():
            field.label = capfirst(field.label)

    @property
    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(str(title), [self[name] for name in names]) for title, names in self.SECTIONS]

    @property
    def times(self) -> DayTimes:
        """Of a valid form. A minute that was not touched keeps the seconds that it had."""
        date, typed = self.cleaned_data["date"], self.cleaned_data
        return DayTimes(
            self._at("opens_at", typed["opens_date"], typed["opens"]),
            self._at("closes_at", typed["closes_date"], typed["closes"]),
            self._at("starts_at", date, typed["starts"]),
            self._at("ends_at", date, typed["ends"]),
        )

    def _at(self, name: str, date: dt.date, time: dt.time) -> dt.datetime:
        moment: dt.datetime = getattr(self.day, name)
        made = self.day.market.at(date, time)
        return moment if moment.replace(second=0, microsecond=0) == made else made


def _as_typed(day: MarketDay) -> dict[str, object]:
    zone = day.market.zone
    local = {name: getattr(day, name).astimezone(zone) for name in ("opens_at", "closes_at", "starts_at", "ends_at")}
    return {
        "date": local["starts_at"].date(),
        "starts": local["starts_at"].time(),
        "ends": local["ends_at"].time(),
        "opens_date": local["opens_at"].date(),
        "opens": local["opens_at"].time(),
        "closes_date": local["closes_at"].date(),
        "closes": local["closes_at"].time(),
    }
