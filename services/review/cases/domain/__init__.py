"""The rules that every step of a case shares: pure functions, no I/O."""
