"""How money, weights and times are written for people, in the language of the moment.

Dates and hours go through gettext as Django format strings, so that a translation decides their shape.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

NBSP = "\xa0"


def euros(cents: int) -> str:
    """Cents as an amount: "12,50 €" in French, "€12.50" in English."""
    amount = number_format(f"{cents // 100}.{cents % 100:02d}", decimal_pos=2, force_grouping=True)
    return _("€%(amount)s") % {"amount": amount}


def weight(grams: int) -> str:
    """Grams as people say them: "500 g", "1,6 kg"."""
    if grams < 1000:
        return f"{grams}{NBSP}g"
    kilograms = f"{grams / 1000:.3f}".rstrip("0").rstrip(".")
    return f"{number_format(kilograms)}{NBSP}kg"


def volume(millilitres: int) -> str:
    """Millilitres as people say them: "75 cl", "1 L"."""
    if millilitres < 1000:
        return f"{number_format(f'{millilitres / 10:g}')}{NBSP}cl"
    return f"{number_format(f'{millilitres / 1000:g}')}{NBSP}L"


def day_in_words(when: dt.date | dt.datetime) -> str:
    """ "samedi 28 novembre", "mardi 1er décembre", in local time."""
    local = _local(when)
    return date_format(local, pgettext("the first of a month", "l j F") if local.day == 1 else _("l j F"))


def hour(when: dt.datetime | dt.time) -> str:
    """ "8 h", "12 h 30", in local time."""
    local = _local(when)
    return date_format_time(local, _("G:i") if local.minute else _("G:00"))


def date_format_time(when: dt.datetime | dt.time, pattern: str) -> str:
    """A time by a format of Django's, which `date_format` refuses for a bare time."""
    moment = when if isinstance(when, dt.datetime) else dt.datetime.combine(dt.date(2000, 1, 1), when)
    return date_format(moment, pattern)


def until_words(when: dt.datetime, now: dt.datetime | None = None) -> str:
    """ "jeudi 12 h": a moment of the coming days, as one says it; its whole date when it is not one of them."""
    local = _local(when)
    if abs(when - (now or timezone.now())) > dt.timedelta(days=6):
        return _("%(day)s at %(hour)s") % {"day": day_in_words(local), "hour": hour(local)}
    return _("%(weekday)s %(hour)s") % {"weekday": date_format(local, "l"), "hour": hour(local)}


def time_left(when: dt.datetime, now: dt.datetime | None = None) -> str:
    """How long it is until the aware time `when`: days, then hours, then minutes; never a false precision."""
    minutes = int((when - (now or timezone.now())).total_seconds() // 60)
    if minutes >= 2 * 24 * 60:
        days = minutes // (24 * 60)
        return ngettext("%(count)d day left", "%(count)d days left", days) % {"count": days}
    if minutes >= 2 * 60:
        hours = minutes // 60
        return ngettext("%(count)d hour left", "%(count)d hours left", hours) % {"count": hours}
    return ngettext("%(count)d minute left", "%(count)d minutes left", max(minutes, 0)) % {"count": max(minutes, 0)}


def address_in_words(place: str, street: str, postcode: str, town: str) -> str:
    """ "place des Halles, 1 rue du Ru, 60000 Beauvais"; a street that is called like the place is not said again."""
    where = [place] if street.casefold() in ("", place.casefold()) else [place, street]
    return ", ".join([*where, f"{postcode} {town}"])


def percent(basis_points: int) -> str:
    """ "5,5 %" from 550."""
    return _("%(number)s%%") % {"number": number_format(f"{basis_points / 100:g}")}


def _local(when: dt.date | dt.datetime | dt.time) -> dt.datetime:
    return timezone.localtime(when) if isinstance(when, dt.datetime) and timezone.is_aware(when) else when  # type: ignore[return-value]
