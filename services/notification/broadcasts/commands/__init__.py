"""Commands of broadcasts."""
