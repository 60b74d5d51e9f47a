"""How an order of Oscar is written here: with an unguessable number, and in two statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from marche.common.text import random_code
from marche.shop.oscar import Order, OrderLine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from marche.shop.status import OrderStatus


class OrderNumberGenerator:
    """Oscar counts from 100000 + the basket's key, which anybody can guess and enumerate."""

    def order_number(self, basket: Any = None) -> str:
        """A random reference of 48 bits, like "C7K4MPXQ2R"."""
        return random_code(10)


def write_order(
    basket_id: int,
    lines: Sequence[Any],
    *,
    total_incl_tax: Decimal,
    total_excl_tax: Decimal,
    status: OrderStatus,
    user_id: int | None,
) -> Any:
    """Insert an order and its lines (unsaved OrderLine objects, priced and reserved), and return it. Amounts in euros.

    Not Oscar's `OrderCreator.place_order`: that one writes each line by itself (some 20 statements for one of them),
    allocates stock without looking, and sends its signal to receivers that write again.
    """
    order = Order.objects.create(
        number=OrderNumberGenerator().order_number(),
        site_id=settings.SITE_ID,
        basket_id=basket_id,
        currency=settings.OSCAR_DEFAULT_CURRENCY,
        total_incl_tax=total_incl_tax,
        total_excl_tax=total_excl_tax,
        date_placed=timezone.now(),
        status=status.value,
        user_id=user_id,
    )
    for line in lines:
        line.order = order
    OrderLine.objects.bulk_create(lines)
    return order
