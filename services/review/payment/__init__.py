"""Payment of the fee."""
