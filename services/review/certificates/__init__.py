"""Certificates: issued, acknowledged by their recipients, revoked."""
