"""Commands that lead to a decision."""
