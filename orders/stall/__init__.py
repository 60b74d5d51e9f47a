"""What a producer does with orders: the summary, the preparation, the stall, the statement."""
