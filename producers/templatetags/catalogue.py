"""What only the residents' catalogue writes: whole moments and telephone numbers."""

from __future__ import annotations

import datetime as dt

import phonenumbers
from django import template
from django.conf import settings
from django.utils.translation import gettext as _

from marche.wording import day_in_words, hour
from producers.facts import siret_words

register = template.Library()
register.filter("siret_words", siret_words)


@register.filter
def moment_in_words(when: dt.datetime) -> str:
    """ "jeudi 26 novembre à 12 h", in local time."""
    return _("%(day)s at %(hour)s") % {"day": day_in_words(when), "hour": hour(when)}


@register.filter
def phone(number: str) -> str:
    """A telephone number as it is read aloud: "03 53 01 02 03"; what is no number stays as it was typed."""
    try:
        parsed = phonenumbers.parse(number, settings.PHONENUMBER_DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL).replace(" ", "\xa0")


@register.filter
def words(text: str) -> list[str]:
    """A text as the list of its words, for a template to loop over."""
    return text.split()
