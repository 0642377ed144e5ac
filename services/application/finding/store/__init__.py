"""Queries of finding. Lists and counts are answered from covering indexes alone, one for each question."""
