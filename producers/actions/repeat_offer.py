"""“Same as last time”: a producer offers what it offered on its last market day."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from marche.markets.models import MarketDay
from producers.actions.save_offer import OfferRow, Rated, kinds_with_rate, save_offer, why_not_sold
from producers.models import Listing, Producer
from producers.offers import last_offer


class LeftOut(NamedTuple):
    """A product that was on sale last time and can't be this time, and why."""

    title: str
    reason: str


@dataclass(frozen=True)
class RepeatedOffer:
    """How many listings were made, which products were left out, and the day that was repeated, if there was one."""

    made: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    last_day: MarketDay | None = None


def repeat_offer(day_id: int, *, producer: Producer) -> RepeatedOffer:
    """Offer again what was on sale on the last day before, at the same price and quantity.

    Products listed on the day already stay as they are. What may not be sold any more (an incomplete or archived
    sheet), is out of its season or is no longer sold in the same unit is left out and named. Raises Refused as
    save_offer does.
    """
    day = MarketDay.objects.select_related("market").get(pk=day_id)
    last_day, before = last_offer(producer, day)
    already = set(Listing.objects.filter(producer=producer, day=day).values_list("sheet_id", flat=True))
    wanted = [listing for listing in before if listing.sheet_id not in already]
    rated = kinds_with_rate(day)
    reasons = {listing.pk: _why_not_again(listing, day, rated) for listing in wanted}
    rows = [
        OfferRow(listing.sheet_id, on=True, price_cents=listing.price_cents, quantity=listing.quantity)
        for listing in wanted
        if not reasons[listing.pk]
    ]
    made = save_offer(day_id, producer=producer, rows=rows)
    left_out = [LeftOut(listing.sheet.title, reasons[listing.pk]) for listing in wanted if reasons[listing.pk]]
    return RepeatedOffer(made, left_out, last_day)


def _why_not_again(listing: Listing, day: MarketDay, rated: Rated) -> str:
    if reason := why_not_sold(listing.sheet, day, rated):
        return reason
    if not listing.sheet.in_season(day.date):
        months = [str(MONTHS[month]) for month in sorted(listing.sheet.months)]
        return _("It is out of season: its months are %(months)s.") % {"months": ", ".join(months)}
    if listing.unit_values() != listing.sheet.unit_values():
        return _("It is no longer sold the same way: give it a price again.")
    return ""
