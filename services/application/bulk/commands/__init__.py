"""Commands of imports, and the steps of their work."""
