"""Models of finding."""
