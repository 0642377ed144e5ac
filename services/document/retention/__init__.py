"""Retention: which records have ended, and the sweeps that remove what is not needed any more."""
