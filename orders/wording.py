"""What a line of an order holds, as people say it."""

from __future__ import annotations

from django.utils.translation import ngettext

from marche.wording import weight
from orders.models import LineDetail
from producers.wording import quantity_words


def line_words(line: LineDetail) -> str:
    """As weighed, else as ordered: "1,62 kg", "2 pièces, 3,24 kg", "1,5 kg", "2 bottes"."""
    if line.final_grams is None:
        return quantity_words(line, line.quantity)
    words = {"count": line.quantity, "weight": weight(line.final_grams)}
    return ngettext("%(weight)s", "%(count)d pieces, %(weight)s", line.quantity) % words
