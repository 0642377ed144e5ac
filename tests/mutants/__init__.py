"""Mutation testing: small bugs planted in functions one by one, and the tests that notice them (decision 0926)."""
