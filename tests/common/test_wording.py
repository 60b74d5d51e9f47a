"""Days and places, as people say them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from marche.common.wording import address_in_words, day_in_words


@pytest.mark.parametrize(
    ("language", "day", "words"),
    [
        ("fr", dt.date(2026, 12, 1), "mardi 1er décembre"),
        ("fr", dt.date(2026, 12, 2), "mercredi 2 décembre"),
        ("fr", dt.date(2026, 12, 11), "vendredi 11 décembre"),
        ("en", dt.date(2026, 12, 1), "Tuesday 1 December"),
    ],
)
def test_the_first_of_a_month_is_said_as_in_french(language, day, words):
    with translation.override(language):
        assert day_in_words(day) == words


@pytest.mark.parametrize(
    ("street", "words"),
    [
        ("1 rue du Ru", "place des Halles, 1 rue du Ru, 60000 Beauvais"),
        ("", "place des Halles, 60000 Beauvais"),
        ("Place des Halles", "place des Halles, 60000 Beauvais"),
    ],
)
def test_a_street_that_is_called_like_the_place_is_said_once(street, words):
    assert address_in_words("place des Halles", street, "60000", "Beauvais") == words
