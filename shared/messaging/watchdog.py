"""Watchdog for a consumer that does not move while messages wait: known of Kafka clients after a broker restart."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

import structlog

from shared.messaging import metrics
from shared.messaging.arrivals import Arrivals
from shared.messaging.message import Partition
from shared.messaging.pace import Pace, Rate
from shared.messaging.ports import BrokerError, Progress

log = structlog.get_logger(__name__)

_ANSWER_SECONDS = 10.0


class Stalled(Exception):
    """Nothing moved for too long: take a fresh client."""


class Watchdog:
    """Checks every `interval` seconds, by the broker's own account, that the group's offsets move."""

    def __init__(self, group: str, *, patience: float = 12.0, interval: float = 3.0) -> None:
        self._group = group
        self._patience = patience
        self._interval = interval
        self.progress: Mapping[Partition, Progress] = {}  # by the last answer
        self._arrivals = Arrivals()
        self._pace = Pace()

    def age(self, partition: Partition) -> float | None:
        """Seconds for which the oldest message of a partition has waited; None where none did at the last answer."""
        return self._arrivals.age(partition, time.monotonic())

    def rate(self, partition: Partition) -> Rate | None:
        """The messages of a partition in a minute; None where that is not known yet."""
        return self._pace.rate(partition)

    async def watch(
        self, progress: Callable[[], Awaitable[Mapping[Partition, Progress]]], excused: Callable[[], bool]
    ) -> None:
        """Raise `Stalled` when, for `patience` seconds, messages wait and no offset moves (or no answer comes).

        `excused` says that the consumer waits for something else it knows of, such as the database.
        """
        last: Mapping[Partition, int] = {}
        moved = time.monotonic()
        while True:
            await asyncio.sleep(self._interval)
            try:
                async with asyncio.timeout(_ANSWER_SECONDS):
                    found = await progress()
            except (BrokerError, OSError, TimeoutError):
                waiting = True  # for all we know
            else:
                self.progress = found
                self._arrivals.see(found, time.monotonic())
                self._pace.see(found, time.monotonic())
                lag = sum(at.lag for at in found.values())
                metrics.LAG.labels(self._group).set(lag)
                committed = {partition: at.committed for partition, at in found.items()}
                waiting = lag > 0 and committed == last
                last = committed
            if not waiting or excused():
                moved = time.monotonic()
            elif time.monotonic() - moved > self._patience:
                dump_tasks()
                raise Stalled(f"no offset moved for {self._patience:.0f} s while messages wait")


def dump_tasks() -> None:
    """Log where every task stands (file, line and function), so that a stall can be understood afterwards."""
    for task in asyncio.all_tasks():
        frames = [f"{f.f_code.co_filename}:{f.f_lineno} {f.f_code.co_name}" for f in task.get_stack(limit=12)]
        log.warning("consumer.stalled_task", task=task.get_name(), frames=frames)
