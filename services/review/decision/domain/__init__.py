"""The rules of a decision: pure functions, no I/O."""
