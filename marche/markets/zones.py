"""Which time zones there are."""

from __future__ import annotations

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def check_zone(name: str) -> None:
    """Raise ValidationError unless this is the name of a place's time zone, like "Indian/Reunion"."""
    if "/" not in name or name not in available_timezones():
        raise ValidationError(_("There is no such time zone. Write “Europe/Paris” or “Indian/Reunion”, for instance."))
