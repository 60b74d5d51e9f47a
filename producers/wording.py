"""How a sale unit and its price are written for people."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marche.common.wording import NBSP, euros, volume, weight
from producers.units import Per, SaleUnit, Unit


def price_with_unit(sale_unit: SaleUnit, price_cents: int) -> str:
    """ "2,20 € le kg", "1,20 € la pièce": the price as it is advertised."""
    labels = {
        Unit.PIECE: _("%(price)s each"),
        Unit.BUNCH: _("%(price)s a bunch"),
        Unit.PACK: "%(price)s",
        Unit.WEIGHT: _("%(price)s per kg"),
        Unit.WEIGHED: _("%(price)s per kg"),
    }
    return labels[Unit(sale_unit.unit)] % {"price": euros(price_cents)}


def reference_price(sale_unit: SaleUnit, price_cents: int) -> str:
    """ "4,40 €/kg": the price per unit of measure, which the law wants beside every price."""
    reference = sale_unit.reference_price(price_cents)
    per = {Per.KILOGRAM: "kg", Per.LITRE: "L", Per.PIECE: _("piece"), Per.BUNCH: _("bunch")}[reference.per]
    return f"{euros(reference.cents)}/{per}"


def unit_words(sale_unit: SaleUnit) -> str:
    """What one unit is: "500 g", "la botte", "environ 1,6 kg (1,4 à 1,8 kg)", "6 pièces"."""
    if sale_unit.unit == Unit.WEIGHT:
        return weight(sale_unit.step_grams or 0)
    if sale_unit.unit == Unit.WEIGHED:
        return _("about %(expected)s (%(min)s to %(max)s)") % {
            "expected": weight(sale_unit.expected_grams or 0),
            "min": weight(sale_unit.min_grams or 0),
            "max": weight(sale_unit.max_grams or 0),
        }
    return net_words(sale_unit) or (_("a bunch") if sale_unit.unit == Unit.BUNCH else _("each"))


def net_words(sale_unit: SaleUnit) -> str:
    """The net quantity of a piece or a pack: "250 g", "75 cl", "6 pieces", or nothing."""
    return next(iter(_nets(sale_unit)), "")


def _nets(sale_unit: SaleUnit) -> list[str]:
    """All that is said of how much there is in one unit, the first of which is shown."""
    nets = []
    if sale_unit.net_grams:
        nets.append(weight(sale_unit.net_grams))
    if sale_unit.net_millilitres:
        nets.append(volume(sale_unit.net_millilitres))
    if sale_unit.pieces:
        pieces = ngettext("%(count)d piece", "%(count)d pieces", sale_unit.pieces)
        nets.append(pieces % {"count": sale_unit.pieces})
    return nets


def quantity_words(sale_unit: SaleUnit, quantity: int) -> str:
    """So many units, as one says it: "1,5 kg", "2 bottes", "3 × 250 g"."""
    if sale_unit.unit == Unit.WEIGHT:
        return weight((sale_unit.step_grams or 0) * quantity)
    if sale_unit.unit == Unit.WEIGHED:
        each = _("about %(weight)s") % {"weight": weight(sale_unit.expected_grams or 0)}
        return f"{quantity}{NBSP}×{NBSP}{each}"
    if sale_unit.unit == Unit.BUNCH:
        return ngettext("%(count)d bunch", "%(count)d bunches", quantity) % {"count": quantity}
    net = net_words(sale_unit)
    return f"{quantity}{NBSP}×{NBSP}{net}" if net else str(quantity)


def quantity_in_full(sale_unit: SaleUnit, quantity: int) -> str:
    """The same with all that tells one unit from another: "2 × environ 1,6 kg (1,4 à 1,8 kg)", "2 bottes (250 g)"."""
    if sale_unit.unit == Unit.WEIGHED:
        return f"{quantity}{NBSP}×{NBSP}{unit_words(sale_unit)}"
    words, nets = quantity_words(sale_unit, quantity), _nets(sale_unit)
    if sale_unit.unit not in (Unit.WEIGHT, Unit.BUNCH):
        del nets[:1]  # it stands in the words already
    return f"{words} ({', '.join(nets)})" if nets else words
