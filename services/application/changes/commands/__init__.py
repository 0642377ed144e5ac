"""Commands of changes after filing: one function each, one transaction each."""
