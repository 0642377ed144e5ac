"""The rules of allocation: waits, the clock, who may have a case, flags."""
