"""Sale units: what one unit of a basket is, what it costs, and what that makes per kilogram, litre or piece."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from marche.common.money import round_half_up


class Unit(models.TextChoices):
    PIECE = "piece", _("piece")
    BUNCH = "bunch", _("bunch")
    PACK = "pack", _("pack")
    WEIGHT = "weight", _("by weight")
    WEIGHED = "weighed", _("weighed piece")


class Per(models.TextChoices):
    """What a reference price is for (décret 2002-1467: the price per unit of measure beside the price)."""

    KILOGRAM = "kg", _("kg")
    LITRE = "L", _("L")
    PIECE = "piece", _("piece")
    BUNCH = "bunch", _("bunch")


@dataclass(frozen=True)
class ReferencePrice:
    cents: int
    per: Per


class SaleUnit(models.Model):
    """How a thing is sold. A sheet has it, a listing takes it over, an order line keeps it for good.

    `price_cents` in the methods below is the price with tax: of one unit, or of a kilogram when sold by weight.
    """

    unit = models.CharField(_("sold by"), max_length=8, choices=Unit, default=Unit.PIECE)
    net_grams = models.PositiveIntegerField(_("net weight (g)"), null=True, blank=True)
    net_millilitres = models.PositiveIntegerField(_("net volume (ml)"), null=True, blank=True)
    pieces = models.PositiveIntegerField(_("pieces in a pack"), null=True, blank=True)
    step_grams = models.PositiveIntegerField(_("sold in steps of (g)"), null=True, blank=True)
    min_grams = models.PositiveIntegerField(_("smallest weight (g)"), null=True, blank=True)
    expected_grams = models.PositiveIntegerField(_("expected weight (g)"), null=True, blank=True)
    max_grams = models.PositiveIntegerField(_("largest weight (g)"), null=True, blank=True)

    UNIT_FIELDS = (
        "unit",
        "net_grams",
        "net_millilitres",
        "pieces",
        "step_grams",
        "min_grams",
        "expected_grams",
        "max_grams",
    )

    class Meta:
        abstract = True

    def unit_values(self) -> dict[str, str | int | None]:
        """The fields of this sale unit, to be taken over by a listing or an order line."""
        return {name: getattr(self, name) for name in self.UNIT_FIELDS}

    @property
    def is_priced_by_weight(self) -> bool:
        return self.unit in (Unit.WEIGHT, Unit.WEIGHED)

    @property
    def is_estimated(self) -> bool:
        """Whether what will be paid is known only once the piece has been weighed."""
        return self.unit == Unit.WEIGHED

    def line_cents(self, price_cents: int, quantity: int) -> int:
        """What `quantity` units cost, in cents; for weighed pieces the estimate. One rounding, on the line."""
        if not self.is_priced_by_weight:
            return price_cents * quantity
        grams = self.step_grams if self.unit == Unit.WEIGHT else self.expected_grams
        return _of_weight(price_cents, (grams or 0) * quantity)

    def line_max_cents(self, price_cents: int, quantity: int) -> int:
        """The most that `quantity` units can cost, in cents: the final price of a weighed piece is never above it."""
        if not self.is_estimated:
            return self.line_cents(price_cents, quantity)
        return _of_weight(price_cents, (self.max_grams or 0) * quantity)

    def weighed_cents(self, price_cents: int, grams: int) -> int:
        """What pieces that weigh `grams` together cost, in cents. One rounding, on the line; the caller caps it."""
        return _of_weight(price_cents, grams)

    def reference_price(self, price_cents: int) -> ReferencePrice:
        """The price per kilogram, litre or piece that the law wants beside every price."""
        if self.is_priced_by_weight:
            return ReferencePrice(price_cents, Per.KILOGRAM)
        if self.net_grams:
            return ReferencePrice(round_half_up(Fraction(price_cents * 1000, self.net_grams)), Per.KILOGRAM)
        if self.net_millilitres:
            return ReferencePrice(round_half_up(Fraction(price_cents * 1000, self.net_millilitres)), Per.LITRE)
        if self.pieces:
            return ReferencePrice(round_half_up(Fraction(price_cents, self.pieces)), Per.PIECE)
        return ReferencePrice(price_cents, Per.BUNCH if self.unit == Unit.BUNCH else Per.PIECE)

    def missing_unit_fields(self) -> list[str]:
        """The names of the fields without which a thing sold this way has no price."""
        needed = {
            Unit.PACK: [],
            Unit.WEIGHT: ["step_grams"],
            Unit.WEIGHED: ["min_grams", "expected_grams", "max_grams"],
        }.get(Unit(self.unit), [])
        missing = [name for name in needed if not getattr(self, name)]
        if self.unit == Unit.PACK and not (self.net_grams or self.net_millilitres or self.pieces):
            missing.append("net_grams")
        return missing

    def clean_unit(self) -> None:
        """Raise ValidationError when the weights of a weighed piece contradict each other."""
        weights = [w for w in (self.min_grams, self.expected_grams, self.max_grams) if w is not None]
        if self.is_estimated and weights != sorted(weights):
            raise ValidationError(
                {"expected_grams": _("The expected weight must lie between the smallest and the largest.")}
            )


def _of_weight(cents_per_kg: int, grams: int) -> int:
    return round_half_up(Fraction(cents_per_kg * grams, 1000))
