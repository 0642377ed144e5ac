"""Webhooks: systems of organisations and persons are informed of what happens to their applications."""
