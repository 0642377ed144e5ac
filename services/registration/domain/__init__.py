"""The rules of registration: pure functions and values, without input, output or clock."""
