"""Money, weights and times in templates: the functions of marche/wording.py, and nothing that queries."""

from django import template

from marche import wording

register = template.Library()

for _function in (
    wording.euros,
    wording.weight,
    wording.volume,
    wording.day_in_words,
    wording.hour,
    wording.until_words,
    wording.time_left,
    wording.percent,
):
    register.filter(_function.__name__, _function)
