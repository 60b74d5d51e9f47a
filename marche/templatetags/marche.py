"""Money, weights, times and telephone numbers in templates: functions that query nothing."""

from django import template

from marche.common import telephone, wording

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

register.filter("phone", telephone.phone_on_a_line)
register.filter("phone_link", telephone.phone_link)
