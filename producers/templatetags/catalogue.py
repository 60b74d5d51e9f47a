"""What only the residents' catalogue writes: whole moments, and lists of words."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils.translation import gettext as _

from marche.common.wording import day_in_words, hour
from producers.catalogue.facts import siret_words

register = template.Library()
register.filter("siret_words", siret_words)


@register.filter
def moment_in_words(when: dt.datetime) -> str:
    """ "jeudi 26 novembre à 12 h", in local time."""
    return _("%(day)s at %(hour)s") % {"day": day_in_words(when), "hour": hour(when)}


@register.filter
def words(text: str) -> list[str]:
    """A text as the list of its words, for a template to loop over."""
    return text.split()
