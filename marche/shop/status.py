"""The status of Oscar's order. It follows what happens to the pickup, and changes through Oscar's EventHandler only."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from oscar.core.loading import get_class

if TYPE_CHECKING:
    from django.contrib.auth.models import User

EventHandler = get_class("order.processing", "EventHandler")


class OrderStatus(StrEnum):
    """The names of OSCAR_ORDER_STATUS_PIPELINE, which says from which to which it may go."""

    PENDING = "pending-payment"  # until its card was accepted
    PLACED = "placed"
    CANCELLED = "cancelled"


def change_status(order: Any, status: OrderStatus, *, user: User | None = None) -> None:
    """Change the status of an order of Oscar whose pickup is locked. Raises Oscar's InvalidOrderStatus.

    `user`: who decided it, for whatever handles the event.
    """
    EventHandler(user).handle_order_status_change(order, status.value)
