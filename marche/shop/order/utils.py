"""Oscar's way to write an order, with an unguessable reference and a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone
from oscar.apps.order import utils
from oscar.core.loading import get_model

from marche.common.text import random_code

Order = get_model("order", "Order")
Line = get_model("order", "Line")


class OrderNumberGenerator:
    """Oscar counts from 100000 + the basket's key, which anybody can guess and enumerate."""

    def order_number(self, basket: Any = None) -> str:
        """A random reference of 48 bits, like "C7K4MPXQ2R"."""
        return random_code(10)


class OrderCreator(utils.OrderCreator):
    """Writes an order whose lines were priced and reserved by the verb that calls it.

    Oscar's own `place_order` writes each line by itself (some 20 statements for one of them), allocates stock without
    looking, and sends its signal to receivers that write again.
    """

    def write(
        self, basket_id: int, total_incl_tax: Any, total_excl_tax: Any, lines: Sequence[Any], **order: Any
    ) -> Any:
        """Insert the order and its lines (unsaved Line objects) in two statements and return the order.

        `order` holds other fields of Oscar's order, such as its `status` where it is not the first one.
        """
        saved = Order.objects.create(
            number=OrderNumberGenerator().order_number(),
            site_id=settings.SITE_ID,
            basket_id=basket_id,
            currency=settings.OSCAR_DEFAULT_CURRENCY,
            total_incl_tax=total_incl_tax,
            total_excl_tax=total_excl_tax,
            date_placed=timezone.now(),
            **{"status": settings.OSCAR_INITIAL_ORDER_STATUS, **order},
        )
        for line in lines:
            line.order = saved
        Line.objects.bulk_create(lines)
        return saved
