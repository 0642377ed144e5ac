"""Routes of finding."""
