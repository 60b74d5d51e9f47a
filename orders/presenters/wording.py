"""What a line of an order holds, as people say it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marche.common.wording import weight
from orders.models import LineDetail
from producers.units import Unit
from producers.wording import quantity_words


def line_words(line: LineDetail) -> str:
    """As given, else as weighed, else as ordered: "2 sur 3", "1,62 kg", "2 pièces, 3,24 kg", "1,5 kg", "2 bottes"."""
    units, grams = line.units or line.quantity, line.grams
    if units < line.quantity:
        count = count_words(line, units)
        return count if grams is None else _("%(count)s, %(weight)s") % {"count": count, "weight": weight(grams)}
    if grams is None:
        return quantity_words(line, line.quantity)
    words = {"count": line.quantity, "weight": weight(grams)}
    return ngettext("%(weight)s", "%(count)d pieces, %(weight)s", line.quantity) % words


def count_words(line: LineDetail, units: int) -> str:
    """How many of the units ordered, where it is not all of them: "2 sur 3", "1 kg sur 1,5 kg"."""
    if line.unit in (Unit.WEIGHED, Unit.PIECE):
        return _("%(given)s of %(ordered)s") % {"given": str(units), "ordered": str(line.quantity)}
    words = {"given": quantity_words(line, units), "ordered": quantity_words(line, line.quantity)}
    return _("%(given)s of %(ordered)s") % words


def names_in_words(names: Sequence[str]) -> str:
    """ "La Ferme du Ru, Le Rucher et La Basse-cour"."""
    return get_text_list(list(names), _("and"))
