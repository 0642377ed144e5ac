"""Processes of the gateway, which has no database of its own."""
