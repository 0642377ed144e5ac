"""Commands of the address book."""
