"""A resident takes what is left: the basket is cut down to what can still be had, as it is sold today."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from marche.shop.oscar import BasketLine
from orders.actions.set_quantity import write_lines
from orders.locks import lock_basket
from orders.presenters.basket import contents_of


def fit_basket(basket_id: int) -> bool:
    """Lower each line to what is left, remove what is sold out or gone, and note all as seen now.

    False, and nothing is changed, when it was ordered meanwhile. A number that is being written is waited for.
    """
    with transaction.atomic(durable=True):
        basket = lock_basket(basket_id)
        if basket is None:
            return False
        contents = contents_of(basket)
        kept = [
            replace(item, quantity=min(item.quantity, item.listing.remaining))
            for item in contents.items
            if item.listing.remaining and item.listing.vat_bp is not None
        ]
        sheets = [item.listing.sheet_id for item in kept]
        BasketLine.objects.filter(basket=basket_id).exclude(product__in=sheets).delete()
        write_lines(basket, kept, seen={item.listing.sheet_id: item.now for item in kept})
    return True
