"""The tables as plain rows, read with SQL alone: an audit by the project's own code would repeat its mistakes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.rows import dict_row

Row = dict[str, Any]

DAY = """
SELECT day.*, market.time_zone FROM markets_marketday day JOIN markets_market market ON market.id = day.market_id
WHERE day.id = %(day)s
"""
SLOTS = "SELECT * FROM markets_slot WHERE day_id = %(day)s"
LISTINGS = "SELECT * FROM producers_listing WHERE day_id = %(day)s"
PRODUCERS = """
SELECT producer.*, partner.name, stall.number AS stall FROM producers_producer producer
JOIN partner_partner partner ON partner.id = producer.partner_id
JOIN markets_stall stall ON stall.partner_id = partner.id
    AND stall.market_id = (SELECT market_id FROM markets_marketday WHERE id = %(day)s)
"""
ORDERS = """
SELECT pickup.*, slot.day_id AS slot_day, "order".status, "order".total_incl_tax, "order".total_excl_tax,
    basket.status AS basket_status, day_basket.open AS basket_open
FROM order_order "order"
LEFT JOIN orders_pickup pickup ON pickup.order_id = "order".id
LEFT JOIN markets_slot slot ON slot.id = pickup.slot_id
LEFT JOIN basket_basket basket ON basket.id = pickup.basket_id
LEFT JOIN orders_daybasket day_basket ON day_basket.basket_id = pickup.basket_id
WHERE pickup.day_id = %(day)s OR pickup.day_id IS NULL
"""
PARTS = "SELECT * FROM orders_producerorder WHERE day_id = %(day)s"
# The rate by the day and the territory of the market; a producer without VAT has none.
LINES = """
SELECT detail.*, part.pickup_id, part.producer_id, listing.producer_id AS listing_producer,
    line.order_id, line.quantity AS line_quantity, line.line_price_incl_tax, line.line_price_excl_tax,
    CASE WHEN producer.vat_franchise THEN 0 ELSE rate.rate_bp END AS rate_bp,
    producer.vat_franchise, product_class.slug AS kind, stall.number AS stall
FROM order_line line
LEFT JOIN orders_linedetail detail ON detail.line_id = line.id
LEFT JOIN orders_producerorder part ON part.id = detail.part_id
LEFT JOIN producers_listing listing ON listing.id = detail.listing_id
LEFT JOIN markets_marketday day ON day.id = listing.day_id
LEFT JOIN producers_producer producer ON producer.id = listing.producer_id
LEFT JOIN catalogue_product product ON product.id = listing.sheet_id
LEFT JOIN catalogue_productclass product_class ON product_class.id = product.product_class_id
LEFT JOIN markets_stall stall ON stall.partner_id = producer.partner_id AND stall.market_id = day.market_id
LEFT JOIN markets_market market ON market.id = day.market_id
LEFT JOIN producers_vatrate rate ON rate.product_class_id = product.product_class_id
    AND rate.territory = market.vat_territory
    AND rate.valid_from <= day.date AND (rate.valid_until IS NULL OR rate.valid_until >= day.date)
WHERE listing.day_id = %(day)s OR listing.day_id IS NULL
"""
CHANGES = """
SELECT change.* FROM orders_orderchange change JOIN orders_pickup pickup ON pickup.order_id = change.pickup_id
WHERE pickup.day_id = %(day)s
"""
SUMMARIES = "SELECT * FROM orders_summary WHERE day_id = %(day)s ORDER BY producer_id, revision"
# A message speaks of a summary, of a day, or of an order.
MESSAGES = """
SELECT message.* FROM outbox_message message
LEFT JOIN orders_summary summary ON summary.id = message.subject_id AND message.kind = 'summary'
LEFT JOIN markets_marketday day ON day.id = message.subject_id AND message.kind = 'day-changed-producer'
LEFT JOIN orders_pickup pickup ON pickup.order_id = message.subject_id
    AND message.kind NOT IN ('summary', 'day-changed-producer')
WHERE %(day)s IN (summary.day_id, day.id, pickup.day_id)
"""
DAY_CHANGES = "SELECT * FROM orders_daychange WHERE day_id = %(day)s"
CALLS = "SELECT * FROM orders_call WHERE day_id = %(day)s"
# What was taken by card for a part and not given back, by our ledger.
CARD_TAKEN = """
SELECT part.id, sum(movement.cents) AS cents FROM payments_movement movement
JOIN payments_instruction instruction ON instruction.id = movement.instruction_id
JOIN payments_share share ON share.id = movement.share_id
JOIN payments_paymentattempt attempt ON attempt.id = share.attempt_id
JOIN orders_producerorder part ON part.pickup_id = attempt.order_id AND part.producer_id = share.producer_id
WHERE instruction.state = 'done' AND instruction.kind IN ('capture', 'refund') GROUP BY part.id
"""
STRAY_BASKETS = """
SELECT day_basket.basket_id FROM orders_daybasket day_basket
LEFT JOIN orders_pickup pickup ON pickup.basket_id = day_basket.basket_id
WHERE NOT day_basket.open AND pickup.order_id IS NULL AND day_basket.day_id = %(day)s
"""


@dataclass(frozen=True)
class Books:
    """Everything of the throwaway database that speaks of orders. Dictionaries are by primary key."""

    day: Row
    slots: list[Row]
    listings: dict[int, Row]
    producers: dict[int, Row]
    orders: list[Row]
    parts: dict[int, Row]
    lines: list[Row]
    changes: list[Row]
    summaries: list[Row]
    messages: dict[int, Row]
    stray_baskets: list[Row]
    card_taken: dict[int, int] = field(default_factory=dict)
    day_changes: list[Row] = field(default_factory=list)
    calls: list[Row] = field(default_factory=list)

    @property
    def live_orders(self) -> dict[int, Row]:
        return {order["order_id"]: order for order in self.orders if order["cancelled_at"] is None}

    @property
    def live_lines(self) -> list[Row]:
        """The lines that are not cancelled, neither with their orders nor with their parts."""
        live = self.live_orders
        gone = {pk for pk, part in self.parts.items() if part["cancelled_at"]}
        return [line for line in self.lines if line["order_id"] in live and line["part_id"] not in gone]


def read_books(database_url: str, day_id: int) -> Books:
    """One consistent view of all tables."""
    with psycopg.connect(database_url, row_factory=dict_row) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")

        def rows(query: str) -> list[Row]:
            return connection.execute(query, {"day": day_id}).fetchall()

        def by_key(query: str) -> dict[int, Row]:
            return {row["id"]: row for row in rows(query)}

        return Books(
            rows(DAY)[0], rows(SLOTS), by_key(LISTINGS), by_key(PRODUCERS), rows(ORDERS), by_key(PARTS), rows(LINES),
            rows(CHANGES), rows(SUMMARIES), by_key(MESSAGES), rows(STRAY_BASKETS),
            {row["id"]: int(row["cents"]) for row in rows(CARD_TAKEN)}, rows(DAY_CHANGES), rows(CALLS),
        )  # fmt: skip
