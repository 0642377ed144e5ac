"""Commands of archives, and the steps of their work."""
