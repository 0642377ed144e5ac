"""Pauses between attempts: capped exponential back-off with jitter."""

import random
from collections.abc import Iterator
from datetime import timedelta


def doubled(first: timedelta, times: int, longest: timedelta) -> timedelta:
    """A limit that is `first` the first time (1) and doubles each time after, up to `longest`."""
    return min(first * (1 << min(max(times - 1, 0), 20)), longest)


def backoff(base: float, cap: float) -> Iterator[float]:
    """Seconds to wait before each next attempt: capped exponential growth with full jitter.

    Full jitter (anything from nothing to the limit) spreads a crowd that failed together.
    """
    limit = base
    while True:
        yield random.uniform(0, limit)  # noqa: S311  # spreads load, hides nothing
        limit = min(cap, limit * 2)
