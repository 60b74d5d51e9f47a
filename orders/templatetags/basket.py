"""The visitor's basket in the head of each page, and its orders that wait to be paid: no question without a cookie."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from orders.presenters.basket import held_by
from orders.resident.visitors import visitor_of
from orders.resident.waiting import waiting_orders as orders_of_visitor

register = template.Library()


@register.inclusion_tag("orders/resident/basket_link.html", takes_context=True)
def basket_link(context: Context) -> dict[str, Any]:
    """A link to the basket with its total (cents) over all days; error pages have no request, and no link."""
    request = context.get("request")
    if request is None:
        return {"shown": False}
    held = held_by(visitor_of(request))
    return {"shown": True, "count": len(held.quantities), "total_cents": held.amount_cents}


@register.inclusion_tag("orders/resident/waiting.html", takes_context=True)
def waiting_orders(context: Context) -> dict[str, Any]:
    """What the visitor has ordered and not paid yet, with the ways to go on; such a page is its own, and not kept."""
    waiting = orders_of_visitor(context["request"])
    return {"waiting": [(pickup, pickup.is_time_to_pay()) for pickup in waiting]}
