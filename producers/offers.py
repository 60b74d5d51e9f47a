"""The last offer of a producer, and how coming offers follow a changed sheet."""

from __future__ import annotations

import datetime as dt

from django.db.models import F
from django.utils import timezone

from marche.markets.models import MarketDay
from producers.locks import lock_days, lock_listings
from producers.models import Listing, Producer, ProductSheet


def last_offer(producer: Producer, day: MarketDay) -> tuple[MarketDay | None, list[Listing]]:
    """The last day before `day`, on the same market, for which the producer had something on sale, and what that was.

    Whether that day is past does not matter: two days may be prepared on the same evening.
    """
    before = MarketDay.objects.filter(market=day.market_id, date__lt=day.date, cancelled_at=None)
    last = before.filter(listings__producer=producer, listings__on=True).order_by("-date").first()
    if last is None:
        return None, []
    return last, list(
        Listing.objects.filter(producer=producer, day=last, on=True).with_related().order_by("sheet__sort_key")
    )


def days_on_sale(sheet: ProductSheet, now: dt.datetime | None = None) -> list[MarketDay]:
    """The days still taking orders, or about to, on which this product is on sale; soonest first."""
    days = MarketDay.objects.before_cutoff(now).filter(listings__sheet=sheet, listings__on=True)
    return list(days.select_related("market").order_by("starts_at"))


def follow_sheet(sheet: ProductSheet) -> None:
    """Bring the coming offers of this product in line with its sheet; inside the transaction that changed it.

    A product that may no longer be sold is taken off sale. So is one whose sale unit changed, for its price was meant
    for the old one, unless somebody ordered it: then it stays what it was when it was ordered.
    """
    coming = Listing.objects.filter(sheet=sheet, day__in=MarketDay.objects.before_cutoff())
    listings = lock_listings(coming.values_list("pk", flat=True)).values()
    for listing in listings:
        new_unit = not listing.reserved and listing.unit_values() != sheet.unit_values()
        if sheet.missing or sheet.archived or new_unit:
            listing.on = False
        if new_unit:
            for name, value in sheet.unit_values().items():
                setattr(listing, name, value)
        listing.updated_at = timezone.now()
    Listing.objects.bulk_update(listings, [*Listing.UNIT_FIELDS, "on", "updated_at"])
    days = lock_days(listing.day_id for listing in listings)
    # The day's page shows the sheet's words: it is made again.
    MarketDay.objects.filter(pk__in=[day.pk for day in days]).update(catalogue_version=F("catalogue_version") + 1)
