"""Findings of attacks, bug reports and first-time use, as tests."""
