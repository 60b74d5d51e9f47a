"""Every row lock of this app; the order of all locks stands in marche/common/lock_order.py.

A producer's own row comes before all of them: only the producer's members take it, and it is what two of them saving
at once wait for.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F

from marche.markets.models import MarketDay
from producers.models import Listing, Producer


def lock_producer(producer: Producer) -> None:
    """Lock the producer, so that what its members save is saved one after the other, until the transaction ends."""
    Producer.objects.select_for_update(no_key=True).order_by("pk").get(pk=producer.pk)


def lock_listings(ids: Iterable[int]) -> dict[int, Listing]:
    """Lock these listings, by primary key, until the transaction ends."""
    rows = Listing.objects.filter(pk__in=list(ids)).order_by("pk").select_for_update(no_key=True)
    return {listing.pk: listing for listing in rows}


def lock_asked_listings(basket_id: int, day_id: int) -> list[Listing]:
    """Lock the listings that an Oscar basket asks for on a day, in one statement.

    Each comes whole, with its VAT and stall, and with `asked` (units) and `stockrecord_id` of the basket's line.
    """
    line = "sheet__product__basket_lines"
    rows = Listing.objects.filter(**{"day": day_id, f"{line}__basket": basket_id})
    rows = rows.annotate(  # type: ignore[no-redef]
        asked=F(f"{line}__quantity"), stockrecord_id=F(f"{line}__stockrecord_id")
    )
    asked = rows.for_basket().with_vat().with_stall_number()
    return list(asked.order_by("pk").select_for_update(no_key=True, of=("self",)))


def lock_offer(producer: Producer, day_id: int) -> dict[int, Listing]:
    """Lock the producer and all that it offers on this day; keyed by the sheet's primary key."""
    lock_producer(producer)
    rows = Listing.objects.filter(producer=producer, day=day_id).order_by("pk").select_for_update(no_key=True)
    return {listing.sheet_id: listing for listing in rows}


def lock_days(ids: Iterable[int]) -> list[MarketDay]:
    """Lock these days, by primary key and after their listings, until the transaction ends."""
    return list(MarketDay.objects.filter(pk__in=set(ids)).order_by("pk").select_for_update(no_key=True))
