"""Why an order or a change of a basket is refused: exactly what is missing, in words for the resident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from marche.common.refusals import Problem, Refused
from marche.common.wording import until_words
from marche.markets.models import Phase

if TYPE_CHECKING:
    from marche.markets.models import MarketDay


class LineRefused(Refused):
    """A line of the basket stays as it was, at `held` units. `offer`: the units that can be had instead.

    `newer`: the page that asked did not know what the line holds by now.
    """

    def __init__(self, problem: Problem, held: int, *, offer: int | None = None, newer: bool = False) -> None:
        super().__init__(problem)
        self.held, self.offer, self.newer = held, offer, newer


def day_problem(day: MarketDay) -> Problem:
    """Why this day, read with its market, takes no order now: what its phase says, or that it is full."""
    phase = day.phase()
    if phase is Phase.OPEN:
        return Problem("day-full", _("This market day has all the orders that it can take."))
    if phase is Phase.CANCELLED:
        return Problem("cancelled", _("This market day is cancelled."))
    if phase is Phase.UPCOMING:
        sentence = _("Orders for this market day are not open yet: they open %(when)s.")
        with timezone.override(day.market.clock):
            return Problem("closed", sentence % {"when": until_words(day.opens_at)})
    if phase is Phase.PENDING:
        return Problem("closed", _("Whether the market is held on that public holiday is not decided yet."))
    return Problem("closed", _("Orders for this market day are closed."))
