"""Commands of filing: one function each, one transaction each."""
