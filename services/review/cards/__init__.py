"""Cards: the old card, the new one, its mail."""
