"""Turns at even distances, for an open load."""

import time
from collections.abc import Callable
from itertools import count


class Timetable:
    """Turns of an open load, `rate` in a second from the first call on; `limit` of them."""

    def __init__(self, rate: float, limit: int, now: Callable[[], float] = time.perf_counter) -> None:
        self._rate = rate
        self._limit = limit
        self._now = now
        self._turns = count()
        self._began: float | None = None

    def next(self) -> float | None:
        """The moment at which the next turn is due; None after the last."""
        turn = next(self._turns)
        if self._began is None:
            self._began = self._now()
        return self._began + turn / self._rate if turn < self._limit else None
