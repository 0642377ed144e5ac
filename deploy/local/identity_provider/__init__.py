"""A small OpenID provider for the demo and for tests: anybody may be any of its invented people."""
