"""A small OpenID provider for the demo and for tests: it lets anybody be any of its invented people."""
