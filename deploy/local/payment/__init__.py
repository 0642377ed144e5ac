"""A small payment provider for the demo and for tests: convenience store, bank transfer, and what goes wrong there."""
