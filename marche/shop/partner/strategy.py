"""Price and availability from the Listing of the chosen market day: the only stock and the only price there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oscar.apps.partner import strategy
from oscar.core.loading import get_class

from marche.common.money import to_euros, vat_included
from producers.models import Listing

if TYPE_CHECKING:
    from django.http import HttpRequest

    from marche.markets.models import MarketDay

Unavailable = get_class("partner.availability", "Unavailable")
StockRequired = get_class("partner.availability", "StockRequired")
UnavailablePrice = get_class("partner.prices", "Unavailable")
FixedPrice = get_class("partner.prices", "FixedPrice")


class Selector:
    """Oscar asks it for a strategy. Without a market day nothing has a price."""

    def strategy(
        self, request: HttpRequest | None = None, user: Any = None, day: MarketDay | None = None, **_kwargs: Any
    ) -> MarketDayStrategy:
        return MarketDayStrategy(request, day=day)


class MarketDayStrategy(strategy.Structured):
    """Purchase information of a product on one market day."""

    def __init__(self, request: HttpRequest | None = None, day: MarketDay | None = None) -> None:
        super().__init__(request)
        self.day = day

    def select_stockrecord(self, product: Any) -> Any:
        return product.stockrecords.first()

    def pricing_policy(self, product: Any, stockrecord: Any) -> Any:
        listing = self._listing(product)
        if listing is None or listing.vat_bp is None:
            return UnavailablePrice()
        cents = listing.line_cents(listing.price_cents, 1)
        tax = vat_included(cents, listing.vat_bp)
        return FixedPrice(currency="EUR", excl_tax=to_euros(cents - tax), tax=to_euros(tax))

    def availability_policy(self, product: Any, stockrecord: Any) -> Any:
        listing = self._listing(product)
        return StockRequired(listing.remaining) if listing else Unavailable()

    def _listing(self, product: Any) -> Any:
        if self.day is None:
            return None
        return Listing.objects.filter(day=self.day, sheet=product.pk, on=True).with_vat().first()
