"""The door to Oscar's models: here each is asked for by its name, as Oscar wants it; all others import them from here.

What is used of which, and for what, stands in docs/oscar.md.
"""

from __future__ import annotations

from oscar.core.loading import get_model

Basket = get_model("basket", "Basket")
BasketLine = get_model("basket", "Line")
Order = get_model("order", "Order")
OrderLine = get_model("order", "Line")
Partner = get_model("partner", "Partner")
Product = get_model("catalogue", "Product")
ProductClass = get_model("catalogue", "ProductClass")
StockRecord = get_model("partner", "StockRecord")
