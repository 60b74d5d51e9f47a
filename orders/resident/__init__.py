"""What a resident sees and does: basket, checkout, ticket, payment, account."""
