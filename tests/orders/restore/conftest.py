"""A market day paid by card, of which a backup is made at some moment."""

from tests.orders.online.conftest import (
    by_card,
    carrots,
    charged,
    charged_on_friday,
    chicken,
    day,
    paid,
    payable,
    stripe,
)

__all__ = ["by_card", "carrots", "charged", "charged_on_friday", "chicken", "day", "paid", "payable", "stripe"]
