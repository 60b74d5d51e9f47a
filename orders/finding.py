"""Find orders of a day by what people have before them: a number, a name, a ticket’s code, a telephone."""

from __future__ import annotations

from django.db.models import Q

from marche.common.telephone import digits_to_find, last_digits_to_find
from marche.markets.models import MarketDay
from orders.models import CODE_LENGTH, Pickup
from orders.querysets import PickupQuerySet

SHORTEST_CODE = 4  # characters, as printed large on a ticket: what is shorter is a number or a name


def matching(day: MarketDay, query: str) -> PickupQuerySet:
    """Orders that `query` names by their number, a part of the name (whatever its accents), the beginning of the code,
    or the telephone number or a part of it, in whatever form.
    """
    pickups = Pickup.objects.filter(day=day)
    text = query.strip()
    if not text:
        return pickups
    wanted = Q(name__unaccent__icontains=text)
    code = text.replace("-", "").replace(" ", "").upper()
    if SHORTEST_CODE <= len(code) <= CODE_LENGTH:
        wanted |= Q(code__startswith=code)
    number = text.removeprefix("#").strip()
    if number.isascii() and number.isdigit() and len(number) < 10:
        wanted |= Q(number=int(number))
    if digits := digits_to_find(text):
        wanted |= Q(phone__contains=digits)
    if (last := last_digits_to_find(text)) and not _is_number(day, last):
        wanted |= Q(phone__endswith=last)
    return pickups.filter(wanted)


def _is_number(day: MarketDay, digits: str) -> bool:
    """Whether an order of this day has these digits as its number: then they mean that order and no telephone."""
    return not digits.startswith("0") and int(digits) <= day.last_number
