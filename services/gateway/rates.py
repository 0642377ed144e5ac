"""How often somebody may call: a sliding window, in memory, for each gateway process by itself.

Who keeps to the limit is never refused: a request counts for no longer than the window, and a refused one not at all.
"""

import ipaddress
import math
from collections import OrderedDict, deque
from collections.abc import Callable
from time import monotonic

from shared.errors import Text, TooMany

WINDOW_SECONDS = 60
_SLICES = 60  # a window is counted in slices, so that a caller costs 60 numbers and not one for every request
KEPT_CALLERS = 20_000


class RateLimited(TooMany):
    """More requests in a minute than allowed."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(Text(f"{retry_after}秒後に再度お試しください", f"Try again in {retry_after} seconds"))
        self.headers = {"Retry-After": str(retry_after)}


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


def address_key(host: str | None) -> str:
    """The caller's address; of IPv6 the /64, because one household has all of it."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
