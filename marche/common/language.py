"""The language in which a town keeps its records."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation


def in_town_language() -> translation.override:
    """For texts that are stored or told to the town's people, whatever the language of who causes them."""
    return translation.override(settings.LANGUAGE_CODE)
