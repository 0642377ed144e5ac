"""Delivery: one loop that claims, hands over, retries and gives up."""
