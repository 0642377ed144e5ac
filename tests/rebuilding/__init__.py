"""Projections that are rebuilt from a snapshot of their owner."""
