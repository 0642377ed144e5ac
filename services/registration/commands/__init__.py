"""What can be done in registration, one function each."""
