"""Batches, scans and counter visits over HTTP."""
