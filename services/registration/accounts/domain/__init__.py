"""Rules: pure functions and values, without input, output or clock."""
