"""The visitor's basket in the head of each page: nothing is asked of the database without its cookie."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from orders.baskets import basket_total
from orders.visitors import visitor_of

register = template.Library()


@register.inclusion_tag("orders/basket_link.html", takes_context=True)
def basket_link(context: Context) -> dict[str, Any]:
    """A link to the basket with its total (cents) over all days; error pages have no request, and no link."""
    request = context.get("request")
    if request is None:
        return {"shown": False}
    visitor = visitor_of(request)
    count, cents = basket_total(visitor) if visitor else (0, 0)
    return {"shown": True, "count": count, "total_cents": cents}
