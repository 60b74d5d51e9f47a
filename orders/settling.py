"""Bring what is taken by card in line with what an order owes now."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orders.models import Pickup


def settle_order(pickup: Pickup, reason: str) -> None:
    """Write what must be asked of Stripe after what this order owes has changed; nothing for one paid at the stalls.

    To be called inside the transaction of the change, after it is written, with the pickup held by `lock_pickup`.
    `reason` (at most 200 characters) is what the resident reads beside a refund.
    """
