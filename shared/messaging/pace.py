"""The messages of a partition that arrive, and that the group takes, in a minute: by its positions in the last one."""

from collections import defaultdict, deque
from collections.abc import Mapping
from typing import NamedTuple

from shared.messaging.message import Partition
from shared.messaging.ports import Progress

_MINUTE = 60.0
# Of less than this, one message more or less would make another number.
_SHORTEST = 15.0


class Rate(NamedTuple):
    """Messages in a minute."""

    arrived: float
    taken: float


class Pace:
    """Positions of partitions at the looks of the last minute."""

    def __init__(self) -> None:
        self._seen: dict[Partition, deque[tuple[float, Progress]]] = defaultdict(deque)

    def see(self, found: Mapping[Partition, Progress], now: float) -> None:
        """Note the positions of these partitions, and forget all others and what is older than a minute."""
        for gone in self._seen.keys() - found.keys():
            del self._seen[gone]
        for partition, at in found.items():
            seen = self._seen[partition]
            seen.append((now, at))
            while seen[0][0] < now - _MINUTE:
                seen.popleft()

    def rate(self, partition: Partition) -> Rate | None:
        """The rate of a partition; None until it has been looked at for a quarter of a minute."""
        seen = self._seen.get(partition)
        if not seen or (took := seen[-1][0] - seen[0][0]) < _SHORTEST:
            return None
        first, last = seen[0][1], seen[-1][1]
        # A topic that was made again begins at nothing.
        arrived, taken = max(0, last.end - first.end), max(0, last.committed - first.committed)
        return Rate(arrived * _MINUTE / took, taken * _MINUTE / took)
