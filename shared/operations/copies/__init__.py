"""Copies of others' facts, made again: the orders of operators about snapshots and rebuilds."""
