"""What residents see of the producers' goods."""
