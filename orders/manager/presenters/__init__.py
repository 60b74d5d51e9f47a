"""What a manager is shown of market days: read with a fixed number of queries, whatever is there."""
