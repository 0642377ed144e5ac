"""Limits of saved filters."""

# A list of names on one page; more are not found again either.
MOST_FILTERS = 50
