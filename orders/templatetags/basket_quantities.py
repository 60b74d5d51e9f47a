"""Write the visitor's quantities, and what was refused, into the catalogue's cached pages."""

from __future__ import annotations

from django import template
from django.contrib.messages.storage.base import Message
from django.template import Context
from django.utils.safestring import SafeString

from marche.markets.models import MarketDay
from marche.shop.oscar import BasketLine
from orders.resident.asked import Asked, asked_in, asked_of
from orders.resident.visitors import visitor_of
from producers.catalogue.cached import fill_in

register = template.Library()


@register.simple_tag(takes_context=True)
def with_quantities(context: Context, html: SafeString, day: MarketDay) -> SafeString:
    """Cards of `day` with the quantities of the visitor's basket: one query, and none without the basket's cookie."""
    visitor, asked = visitor_of(context["request"]), asked_in(context["request"])
    if not visitor or not day.is_open:
        return SafeString(fill_in(html, {}, asked))
    mine = {"basket__of_day__visitor": visitor, "basket__of_day__day": day, "basket__of_day__open": True}
    lines = BasketLine.objects.filter(product__sheet__listings__day=day, **mine)
    return SafeString(fill_in(html, dict(lines.values_list("product__sheet__listings__pk", "quantity")), asked))


@register.simple_tag(takes_context=True)
def asked_for(context: Context, listing_id: int) -> int | None:
    """The number of this listing that was refused just now."""
    return asked_in(context["request"]).get(listing_id)


@register.inclusion_tag("orders/resident/line_offer.html")
def line_offer(message: Message) -> dict[str, Asked | None]:
    """What can be had instead, beside a message that refuses a number."""
    return {"asked": asked_of(message)}
