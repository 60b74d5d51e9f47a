"""The purchase: a basket for one day, the pickup it becomes, each producer's part, and what is told to producers."""

from orders.models.baskets import Contact, DayBasket, SeenLine, Shortage, new_token
from orders.models.calls import Call
from orders.models.changes import OrderChange
from orders.models.day_changes import DayChange
from orders.models.oscar import OscarComparison
from orders.models.pickups import (
    CODE_LENGTH,
    TICKET_LIFE,
    LineDetail,
    Pickup,
    ProducerOrder,
    StrikeReason,
    new_ticket_code,
)
from orders.models.summaries import Summary

__all__ = [
    "CODE_LENGTH",
    "TICKET_LIFE",
    "Call",
    "Contact",
    "DayBasket",
    "DayChange",
    "LineDetail",
    "OrderChange",
    "OscarComparison",
    "Pickup",
    "ProducerOrder",
    "SeenLine",
    "Shortage",
    "StrikeReason",
    "Summary",
    "new_ticket_code",
    "new_token",
]
