"""What can be done to a case: one function each, one transaction each."""
