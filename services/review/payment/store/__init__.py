"""Tables of payments, and their queries."""
