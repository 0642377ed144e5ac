"""The requests that a process answered within the last hour: how many, how slow, and the last ones that were slow.

The metrics of `/metrics` say the same to Prometheus. This is for the operators' board, which has to answer where no
Prometheus runs.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic

# Upper ends of the classes of duration, in seconds; the last class is open.
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
SLOW_SECONDS = 1.0
_SHORT, _SHORT_SLOTS = 10, 6  # a minute, in slots of ten seconds
_LONG, _LONG_SLOTS = 60, 60  # an hour, in slots of a minute
_SLOW_KEPT = 20


@dataclass(slots=True)
class Tally:
    """Requests counted together. `by_duration` has one number for each class."""

    requests: int = 0
    errors: int = 0
    by_duration: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))

    def add(self, other: "Tally") -> None:
        """Count those of another tally as well."""
        self.requests += other.requests
        self.errors += other.errors
        self.by_duration = [mine + more for mine, more in zip(self.by_duration, other.by_duration, strict=True)]

    def count(self, status: int, seconds: float) -> None:
        """Count one request."""
        self.requests += 1
        self.errors += status >= 500
        self.by_duration[next((at for at, end in enumerate(BOUNDS) if seconds <= end), len(BOUNDS))] += 1


@dataclass(frozen=True, slots=True)
class Slow:
    """One request that took longer than a second. It has the route's template, never the path."""

    at: datetime
    method: str
    route: str
    status: int
    seconds: float
    trace_id: str | None


Route = tuple[str, str]


class Recent:
    """Counts of requests: all of them for a minute, by route for an hour."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._all: deque[tuple[int, Tally]] = deque(maxlen=_SHORT_SLOTS + 1)
        self._by_route: deque[tuple[int, dict[Route, Tally]]] = deque(maxlen=_LONG_SLOTS)
        self._slow: deque[Slow] = deque(maxlen=_SLOW_KEPT)

    def count(self, method: str, route: str, status: int, seconds: float, trace_id: str | None) -> None:
        """Count a request that has ended."""
        short, long = self._now(_SHORT), self._now(_LONG)
        if not self._all or self._all[-1][0] != short:
            self._all.append((short, Tally()))
        if not self._by_route or self._by_route[-1][0] != long:
            self._by_route.append((long, {}))
        self._all[-1][1].count(status, seconds)
        self._by_route[-1][1].setdefault((method, route), Tally()).count(status, seconds)
        if seconds >= SLOW_SECONDS:
            self._slow.append(Slow(datetime.now(UTC), method, route, status, round(seconds, 3), trace_id))

    def minute(self) -> Tally:
        """All requests of the last sixty seconds. The slot that has just begun is left out: it is no full one."""
        now, found = self._now(_SHORT), Tally()
        for slot, tally in self._all:
            if now - _SHORT_SLOTS <= slot < now:
                found.add(tally)
        return found

    def routes(self) -> dict[Route, Tally]:
        """The requests of the last hour by route."""
        now = self._now(_LONG)
        found: dict[Route, Tally] = {}
        for slot, by_route in self._by_route:
            if now - slot < _LONG_SLOTS:
                for route, tally in by_route.items():
                    found.setdefault(route, Tally()).add(tally)
        return found

    def slow(self) -> list[Slow]:
        """The last slow requests, the newest first."""
        return list(reversed(self._slow))

    def _now(self, seconds: int) -> int:
        return int(self._clock() // seconds)


def quantile(by_duration: Iterable[int], share: float) -> float | None:
    """The duration, in seconds, that this share of the requests does not exceed, estimated within its class; None where
    there was no request. Of the open class only its lower end is known."""
    counts = list(by_duration)
    rank, before = share * sum(counts), 0
    if not rank:
        return None
    for at, count in enumerate(counts):
        if count and before + count >= rank:
            if at == len(BOUNDS):
                break
            low = BOUNDS[at - 1] if at else 0.0
            return low + (BOUNDS[at] - low) * (rank - before) / count
        before += count
    return float(BOUNDS[-1])


def slowest(routes: Mapping[Route, Tally], most: int) -> list[tuple[Route, Tally]]:
    """The routes whose slow requests took longest."""
    return sorted(routes.items(), key=lambda each: -(quantile(each[1].by_duration, 0.95) or 0))[:most]
