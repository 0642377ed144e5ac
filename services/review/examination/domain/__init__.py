"""The rules of examination: pure functions, no I/O."""
