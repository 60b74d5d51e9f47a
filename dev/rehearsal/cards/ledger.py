"""Our own books of money as plain rows, read with SQL alone."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg.rows import dict_row

from dev.rehearsal.books import Row

ORDERS = """
SELECT "order".number AS reference, pickup.number FROM order_order "order"
JOIN orders_pickup pickup ON pickup.order_id = "order".id
"""
ATTEMPTS = """
SELECT attempt.*, pickup.number FROM payments_paymentattempt attempt
JOIN orders_pickup pickup ON pickup.order_id = attempt.order_id
"""
SHARES = """
SELECT share.*, pickup.number, stall.number AS stall FROM payments_share share
JOIN payments_paymentattempt attempt ON attempt.id = share.attempt_id
JOIN orders_pickup pickup ON pickup.order_id = attempt.order_id
JOIN producers_producer producer ON producer.id = share.producer_id
JOIN markets_stall stall ON stall.partner_id = producer.partner_id
"""
MOVEMENTS = """
SELECT movement.share_id, movement.cents, instruction.kind FROM payments_movement movement
JOIN payments_instruction instruction ON instruction.id = movement.instruction_id WHERE instruction.state = 'done'
"""
INSTRUCTIONS = "SELECT * FROM payments_instruction"
ACCOUNTS = """
SELECT account.stripe_id, stall.number AS stall FROM payments_account account
JOIN producers_producer producer ON producer.id = account.producer_id
JOIN markets_stall stall ON stall.partner_id = producer.partner_id
"""
DISPUTES = "SELECT stripe_id, cents, status FROM payments_dispute"
UNHANDLED = "SELECT kind, event_id FROM payments_stripeevent WHERE handled_at IS NULL"


@dataclass(frozen=True)
class Ledger:
    """`orders`: numbers by the reference that Stripe knows; `stalls` by account."""

    orders: dict[str, int]
    attempts: list[Row]
    shares: list[Row]
    movements: list[Row]
    instructions: list[Row]
    stalls: dict[str, int]
    disputes: list[Row]
    unhandled: list[Row]


def read_ledger(database_url: str) -> Ledger:
    """One consistent view of all tables."""
    with psycopg.connect(database_url, row_factory=dict_row) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")

        def rows(query: str) -> list[Row]:
            return connection.execute(query).fetchall()

        return Ledger(
            {row["reference"]: row["number"] for row in rows(ORDERS)}, rows(ATTEMPTS), rows(SHARES), rows(MOVEMENTS),
            rows(INSTRUCTIONS), {row["stripe_id"]: row["stall"] for row in rows(ACCOUNTS)}, rows(DISPUTES),
            rows(UNHANDLED),
        )  # fmt: skip
