"""The limit at which a consumer stops: a bad deployment must not drain a topic into dead letters."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


class LimitReached(Exception):
    """Too much would be set aside. The consumer halts until an operator has looked and restarted it."""


@dataclass(frozen=True, slots=True)
class DeadLetterLimit:
    """At most `consecutive` failures without a success between, and `share` of the last `window` events."""

    consecutive: int = 10
    share: float = 0.1
    window: int = 500


class FailureCounter:
    """Counts outcomes against a `DeadLetterLimit`. Later events that wait behind a failed one count as neither."""

    def __init__(self, limit: DeadLetterLimit) -> None:
        self._limit = limit
        self._row = 0
        self._last: deque[bool] = deque(maxlen=limit.window)

    def handled(self, count: int = 1) -> None:
        """`count` events had their effect."""
        if count:
            self._row = 0
            self._last.extend([False] * min(count, self._limit.window))

    @contextmanager
    def reserve(self) -> Iterator[None]:
        """Count one failure while the block sets its event aside. Raises `LimitReached` where that is too much.

        It is counted before the event is set aside, so that concurrent partitions cannot pass the limit together; the
        count is undone where the block fails, because the event will be tried again.
        """
        if self._row >= self._limit.consecutive:
            raise LimitReached(f"{self._row} events in a row failed")
        failed = sum(self._last)
        if failed >= self._limit.share * self._limit.window:
            raise LimitReached(f"{failed} of the last {len(self._last)} events failed")
        self._row += 1
        self._last.append(True)
        try:
            yield
        except BaseException:
            self._row = max(0, self._row - 1)
            if True in self._last:
                self._last.remove(True)
            raise
