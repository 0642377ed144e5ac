"""Tables and queries of allocation."""
