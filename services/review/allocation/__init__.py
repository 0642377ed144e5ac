"""Allocation: the work queue, who has a case, what waits."""
