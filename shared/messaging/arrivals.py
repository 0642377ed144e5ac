"""The age of the oldest message that a group has not taken, by the moments at which it was first seen to be there."""

from collections import defaultdict, deque
from collections.abc import Mapping

from shared.messaging.message import Partition
from shared.messaging.ports import Progress

_MOST = 200


class Arrivals:
    """Moments at which the ends of partitions were seen to move; those of messages that were taken are forgotten.

    A message that was there before the first look is as old as that look: the true age may be greater. A partition has
    at most 200 moments; what arrives after that counts as old as the last of them, until some are forgotten.
    """

    def __init__(self) -> None:
        self._seen: dict[Partition, deque[tuple[float, int]]] = defaultdict(deque)

    def see(self, found: Mapping[Partition, Progress], now: float) -> None:
        """Note the positions of these partitions, and forget all others."""
        for gone in self._seen.keys() - found.keys():
            del self._seen[gone]
        for partition, at in found.items():
            seen = self._seen[partition]
            while seen and seen[0][1] <= at.committed:
                seen.popleft()
            last = seen[-1][1] if seen else at.committed
            if at.end > last:
                moment = seen.pop()[0] if len(seen) == _MOST else now
                seen.append((moment, at.end))

    def age(self, partition: Partition, now: float) -> float | None:
        """Seconds for which the oldest message of a partition has waited; None where none waits."""
        seen = self._seen.get(partition)
        return now - seen[0][0] if seen else None
