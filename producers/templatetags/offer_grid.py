"""What one price and one quantity of the offer's grid are for, in words."""

from django import template
from django.utils.translation import gettext as _

from marche.common.wording import NBSP, weight
from producers.units import SaleUnit, Unit
from producers.wording import net_words

register = template.Library()


@register.filter
def price_is_for(sale_unit: SaleUnit) -> str:
    """What stands behind the price: "€ per kg", "€ a bunch", "€ a pack of 500 g"."""
    if sale_unit.is_priced_by_weight:
        return _("€ per kg")
    if sale_unit.unit == Unit.BUNCH:
        return _("€ a bunch")
    net = net_words(sale_unit)
    if sale_unit.unit == Unit.PACK and net:
        return _("€ a pack of %(net)s") % {"net": net}
    return _("€ a pack") if sale_unit.unit == Unit.PACK else _("€ each")


@register.filter
def counted_in(sale_unit: SaleUnit) -> str:
    """What stands behind the quantity when it is not simply pieces: "× 500 g"."""
    return f"×{NBSP}{weight(sale_unit.step_grams or 0)}" if sale_unit.unit == Unit.WEIGHT else ""
