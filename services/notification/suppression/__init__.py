"""Addresses to which nothing is sent because it does not arrive there, and the ways back."""
