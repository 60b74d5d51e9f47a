"""Reading a quantity as a person typed it."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from marche.common.refusals import Problem, Refused

_WHOLE = re.compile(r"\+?[0-9]{1,12}")


def parse_quantity(text: str, *, least: int = 1) -> int:
    """Return a whole number of units, not below `least` (1, or 0 where that means “remove”).

    Whether a basket may hold so many is not looked at here. Raises Refused with one sentence that says what to type.
    """
    cleaned = text.strip()
    if not _WHOLE.fullmatch(cleaned) or int(cleaned) < least:
        raise Refused(Problem("not-a-quantity", _("Write a whole number, from 1 to 99.")))
    return int(cleaned)
