"""Timers: a table of due moments, processed with `SKIP LOCKED`.

A deadline is one row (`at`), a recurring job is one row that is set forward each time it ran (`Job`). A row is
worked through in the transaction of its effect, so it is done once and never lost; a failing one is tried again
later and later, and seen in the metrics.
"""

from shared.timers.table import at, cancel, timers
from shared.timers.worker import Due, Found, Job, TimerHandler, TimerWorker

__all__ = ["Due", "Found", "Job", "TimerHandler", "TimerWorker", "at", "cancel", "timers"]
