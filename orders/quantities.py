"""Reading a quantity as a person typed it."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from orders.refusals import Problem, Refused
from producers.cards import MOST

_WHOLE = re.compile(r"\+?[0-9]{1,12}")


def parse_quantity(text: str, *, least: int = 1) -> int:
    """Return a whole number of units between `least` (1, or 0 where that means “remove”) and 99.

    Raises Refused with one sentence that says what to type.
    """
    cleaned = text.strip()
    if not _WHOLE.fullmatch(cleaned) or int(cleaned) < least:
        raise Refused(Problem("not-a-quantity", _("Write a whole number, from 1 to 99.")))
    if int(cleaned) > MOST:
        raise Refused(Problem("too-many", _("A basket holds at most 99 of one product.")))
    return int(cleaned)
