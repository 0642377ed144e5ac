"""Addresses of postal codes: public reference data, no table of its own."""
