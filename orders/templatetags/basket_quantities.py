"""What the visitor's basket holds, written into the catalogue's kept pages."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.safestring import SafeString
from oscar.core.loading import get_model

from marche.markets.models import MarketDay
from orders.visitors import visitor_of
from producers.catalogue import fill_in

BasketLine = get_model("basket", "Line")
register = template.Library()


@register.simple_tag(takes_context=True)
def with_quantities(context: Context, html: SafeString, day: MarketDay) -> SafeString:
    """Cards of `day` with the quantities of the visitor's basket: one query, and none without the basket's cookie."""
    visitor = visitor_of(context["request"])
    if not visitor:
        return html
    mine = {"basket__of_day__visitor": visitor, "basket__of_day__day": day, "basket__of_day__open": True}
    lines = BasketLine.objects.filter(product__sheet__listings__day=day, **mine)
    return SafeString(fill_in(html, dict(lines.values_list("product__sheet__listings__pk", "quantity"))))
