"""What each mail about orders and market days says."""
