"""A sale unit and its price in templates: the functions of producers/wording.py."""

from django import template

from producers import wording

register = template.Library()
register.filter("price_with_unit", wording.price_with_unit)
register.filter("reference_price", wording.reference_price)
register.filter("quantity_words", wording.quantity_words)
register.filter("unit_words", wording.unit_words)
register.filter("net_words", wording.net_words)
