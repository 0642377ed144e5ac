"""Libraries and servers outside, behind the names of this service."""
