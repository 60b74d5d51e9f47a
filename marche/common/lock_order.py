"""The order in which rows are locked, everywhere: by SELECT … FOR UPDATE in a `locks.py`, and by any UPDATE.

Two transactions that lock the same rows in two orders wait for each other for ever. The order is that of how many
people meet on a row: all orders of a day pass through the row of the day, so it comes late and is locked for a few
statements. Rows of one table are locked by primary key. Tables that are not named here belong to a row that is
(the lines of an order to its pickup), or are locked alone (an instruction, a message, a producer's account at a till).
A person's account stands between: see Locks in docs/architecture.md.

`tests/locks.py` watches the statements of the tests and fails where a transaction goes back in this order.
"""

from __future__ import annotations

LOCK_ORDER = (
    "markets_market",
    "producers_producer",
    "orders_daybasket",
    "orders_pickup",
    "payments_paymentattempt",
    "producers_listing",
    "markets_slot",
    "markets_marketday",
    "orders_summary",
    "orders_call",
)
