"""Limits on how often somebody may call, and how much at once: in memory, for one gateway process.

A caller within the limit is never refused: a request counts for no longer than the window, a refused one not at all.
"""

import math
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from shared.errors import Text, TooMany

WINDOW_SECONDS = 60
_SLICES = 60  # a window is counted in slices, so that a caller costs 60 numbers and not one for every request
KEPT_CALLERS = 20_000


class RateLimited(TooMany):
    """More requests in a minute than allowed."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            Text("{retry_after}秒後に再度お試しください", "Try again in {retry_after} seconds").with_values(
                retry_after=retry_after
            )
        )
        self.headers = {"Retry-After": str(retry_after)}


class Busy(TooMany):
    """More requests at the same time than allowed."""

    code = "too-many-at-once"

    def __init__(self) -> None:
        super().__init__(Text("処理中の要求が終わってからお試しください", "Wait until another request is done"))
        self.headers = {"Retry-After": "1"}


class SlidingWindow:
    """At most `limit` requests of one caller in any minute (to a sixtieth, in the caller's favour)."""

    def __init__(self, limit: int, *, now: Callable[[], float] = monotonic, kept: int = KEPT_CALLERS) -> None:
        self._limit = limit
        self._now = now
        self._kept = kept
        self._callers: OrderedDict[str, deque[list[int]]] = OrderedDict()

    def admit(self, caller: str) -> None:
        """Count a request. Raises `RateLimited` where the caller has used up the window."""
        width = WINDOW_SECONDS / _SLICES
        current = math.floor(self._now() / width)
        slices = self._callers.setdefault(caller, deque())
        self._callers.move_to_end(caller)
        while slices and slices[0][0] <= current - _SLICES:
            slices.popleft()
        if sum(count for _, count in slices) >= self._limit:
            oldest_leaves = slices[0][0] + _SLICES
            raise RateLimited(max(1, math.ceil(oldest_leaves * width - self._now())))
        if slices and slices[-1][0] == current:
            slices[-1][1] += 1
        else:
            slices.append([current, 1])
        if len(self._callers) > self._kept:
            self._callers.popitem(last=False)


class InProgress:
    """At most `limit` requests of one caller at the same time."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._callers: Counter[str] = Counter()

    @contextmanager
    def one(self, caller: str) -> Iterator[None]:
        """Count a request until the block ends. Raises `Busy` where the caller has as many as allowed already."""
        if self._callers[caller] >= self._limit:
            raise Busy()
        self._callers[caller] += 1
        try:
            yield
        finally:
            self._callers[caller] -= 1
            if self._callers[caller] <= 0:
                del self._callers[caller]
