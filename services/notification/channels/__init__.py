"""Channels: the ways by which a message reaches its recipient."""
