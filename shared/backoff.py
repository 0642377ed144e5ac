"""Pauses between attempts: capped exponential back-off with jitter."""

import random
from collections.abc import Iterator


def backoff(base: float, cap: float) -> Iterator[float]:
    """Seconds to wait before each next attempt: capped exponential growth with full jitter.

    Full jitter (anything from nothing to the limit) spreads a crowd that failed together.
    """
    limit = base
    while True:
        yield random.uniform(0, limit)  # noqa: S311  # spreads load, hides nothing
        limit = min(cap, limit * 2)
