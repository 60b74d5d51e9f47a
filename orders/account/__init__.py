"""What a resident with an account finds of its own: orders, contact, data. Reads only."""
