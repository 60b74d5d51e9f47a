"""A resident throws away what a basket holds, whatever its day."""

from __future__ import annotations

from django.db import transaction

from marche.shop.oscar import BasketLine
from orders.locks import lock_open_basket
from orders.models import DayBasket


def empty_basket(basket: DayBasket) -> None:
    """Take out all lines, unless it was ordered meanwhile."""
    with transaction.atomic(durable=True):
        if lock_open_basket(basket.visitor, basket.day_id):
            BasketLine.objects.filter(basket=basket.pk).delete()
