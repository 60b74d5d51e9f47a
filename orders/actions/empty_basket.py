"""A resident throws away what a basket holds, whatever its day."""

from __future__ import annotations

from django.db import transaction

from marche.shop.oscar import BasketLine
from orders.locks import lock_basket


def empty_basket(basket_id: int) -> None:
    """Take out all lines, unless it was ordered meanwhile."""
    with transaction.atomic(durable=True):
        if lock_basket(basket_id):
            BasketLine.objects.filter(basket=basket_id).delete()
