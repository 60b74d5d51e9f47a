"""Questions asked of many producers, sheets or listings at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, F, IntegerField, OuterRef, Q, Subquery, Value, When

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

    from marche.markets.models import Market, MarketDay
    from producers.models import Listing, Producer, ProductSheet, VatRate  # noqa: F401  (named below)


class ProducerQuerySet(models.QuerySet["Producer"]):
    def acted_for_by(self, user: User | AnonymousUser) -> Self:
        """The producers for whom this person acts."""
        return self.filter(partner__users=user.pk).select_related("partner")

    def with_stall(self, market: Market) -> Self:
        """The producers who have a place on this market, in walking order, with `stall_number`."""
        return (
            self.filter(partner__stalls__market=market)
            .annotate(stall_number=F("partner__stalls__number"))
            .select_related("partner")
            .order_by("stall_number")
        )


class ProductSheetQuerySet(models.QuerySet["ProductSheet"]):
    def of(self, producer: Producer) -> Self:
        return self.filter(producer=producer)

    def with_related(self) -> Self:
        """With what a sheet needs to speak of itself, in one query."""
        return self.select_related("product__product_class", "producer__partner")


class VatRateQuerySet(models.QuerySet["VatRate"]):
    def on(self, day: MarketDay) -> Self:
        """The rates in force on this day, in the territory of its market."""
        there = self.filter(territory=day.market.vat_territory)
        return there.filter(Q(valid_until=None) | Q(valid_until__gte=day.date), valid_from__lte=day.date)


class ListingQuerySet(models.QuerySet["Listing"]):
    def offered(self, day: MarketDay) -> Self:
        """What residents can see on this day, by stall then alphabetically; sold out goods included."""
        return self.filter(day=day, on=True).with_stall_number().order_by("stall_number", "sheet__sort_key", "pk")

    def with_related(self) -> Self:
        """With everything a card, a page or a basket line shows, in one query; `stall_number` included."""
        return self.select_related("sheet__product__product_class", "producer__partner", "day__market")

    def for_basket(self) -> Self:
        """With what a line of a basket shows, in one query, and without the long texts of its product and seller."""
        texts = ("description", "ingredients", "search_text", "search_vector", "product__description")
        return self.select_related("sheet__product__product_class", "producer__partner").defer(
            "producer__description", *(f"sheet__{name}" for name in texts)
        )

    def reserve(self, units: Mapping[Listing, int], *, few: int) -> bool:
        """Reserve so many units of each listing, all held by the caller, in one statement; negative gives back.

        Returns whether what a page says of any of them changes (sold out, “only N left” from `few` down). The database
        refuses an oversale by its own constraint.
        """
        cases = [When(pk=listing.pk, then=Value(count)) for listing, count in units.items()]
        ids = [listing.pk for listing in units]
        self.filter(pk__in=ids).update(reserved=F("reserved") + Case(*cases, output_field=IntegerField()))
        return any(min(listing.remaining, listing.remaining - count) <= few for listing, count in units.items())

    def with_stall_number(self) -> Self:
        from marche.markets.models import Stall

        stalls = Stall.objects.filter(partner=OuterRef("producer__partner"), market=OuterRef("day__market"))
        return self.annotate(stall_number=Subquery(stalls.values("number")[:1]))

    def with_vat(self) -> Self:
        """With `vat_bp`, the rate in basis points on the day and in the territory of the market.

        Zero for a producer without VAT, and where there is none.
        None where the kind of goods has no rate on that day: then it can't be sold (Item.problem).
        """
        from producers.models import VatRate

        rates = VatRate.objects.filter(
            Q(valid_until=None) | Q(valid_until__gte=OuterRef("day__date")),
            product_class=OuterRef("sheet__product__product_class"),
            territory=OuterRef("day__market__vat_territory"),
            valid_from__lte=OuterRef("day__date"),
        ).order_by("-valid_from")
        rate = Subquery(rates.values("rate_bp")[:1], output_field=IntegerField())
        return self.annotate(vat_bp=Case(When(producer__vat_franchise=True, then=Value(0)), default=rate))
