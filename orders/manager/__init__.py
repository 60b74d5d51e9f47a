"""What a market manager sees and decides: days, orders, calls, payments, the report."""
