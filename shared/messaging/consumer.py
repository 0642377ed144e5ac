"""The consumer: one membership of its group after the other, and the state it reports."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import structlog

from shared.backoff import backoff
from shared.clock import Clock, SystemClock
from shared.db import Database
from shared.messaging import metrics
from shared.messaging.authenticity import EventKeys
from shared.messaging.effects import Effects
from shared.messaging.handlers import Handlers
from shared.messaging.limit import DeadLetterLimit, LimitReached
from shared.messaging.membership import Membership
from shared.messaging.message import Partition
from shared.messaging.pace import Rate
from shared.messaging.ports import MakeSource, Progress
from shared.messaging.replay import DeadLetters
from shared.messaging.retry import is_transient
from shared.messaging.watchdog import Watchdog
from shared.tasks import being_cancelled, contained

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ConsumerState:
    """`stopped` is halted at its dead-letter limit until restarted; `failing` is retrying."""

    phase: Literal["starting", "running", "failing", "stopped"]
    since: datetime
    reason: str | None = None
    partitions: int = 0

    @property
    def ready(self) -> bool:
        return self.phase == "running"


class Consumer:
    """Handles the messages that `make_source` delivers to `group`. Outages of broker and database are waited out.

    Events that the `keys` do not show to be authentic are refused; also those older than `max_age`, the time for which
    the inbox remembers them: replayed by a stranger, they would have a second effect.
    """

    def __init__(
        self,
        db: Database,
        make_source: MakeSource,
        group: str,
        handlers: Handlers,
        *,
        keys: EventKeys,
        max_age: timedelta | None = None,
        limit: DeadLetterLimit | None = None,
        not_yet_for: timedelta = timedelta(minutes=5),
        batch_size: int = 500,
        watchdog: Watchdog | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.group = group
        self._clock = clock or SystemClock()
        self._make_source = make_source
        self._effects = Effects(db, group, handlers, keys, limit or DeadLetterLimit(), self._clock, max_age)
        self._letters = DeadLetters(db, group, handlers, keys=keys, not_yet_for=not_yet_for, clock=self._clock)
        self._batch_size = batch_size
        self._watchdog = watchdog or Watchdog(group)
        self._membership: Membership | None = None
        self.state = ConsumerState("starting", self._clock.now())

    @property
    def ready(self) -> bool:
        """True while the state is `running` and each of its tasks runs."""
        return self.state.ready and self._membership is not None and self._membership.alive

    @property
    def progress(self) -> Mapping[Partition, Progress]:
        """The position of the group in the partitions of this member, by the last answer of the broker."""
        return self._watchdog.progress if self.state.partitions else {}

    def age(self, partition: Partition) -> float | None:
        """Seconds for which the oldest message of a partition has waited, at least; None where none waits."""
        return self._watchdog.age(partition)

    def rate(self, partition: Partition) -> Rate | None:
        """The messages of a partition that arrive and are taken in a minute; None where that is not known yet."""
        return self._watchdog.rate(partition)

    async def run(self) -> None:
        """Consume until cancelled. At the dead-letter limit it leaves the group, reports that and halts."""
        self._become("starting")
        waits = backoff(0.2, 10.0)
        while True:
            began = asyncio.get_running_loop().time()
            reason = None
            self._membership = Membership(
                self._make_source, self._effects, self._letters, self._watchdog, self._batch_size, self._joined
            )
            try:
                with contained():
                    await self._membership.run()
            except* LimitReached as reached:
                reason = str(_first(reached))
            except* Exception as errors:
                if asyncio.get_running_loop().time() - began > 30:
                    waits = backoff(0.2, 10.0)
                why = type(_first(errors)).__name__
                metrics.RESTARTS.labels(self.group, why).inc()
                # Anything but an outage is a bug, here or in a library: log its stack trace.
                stack = None if is_transient(_first(errors)) else _first(errors)
                log.warning(
                    "consumer.restarting", group=self.group, error=why, detail=str(_first(errors)), exc_info=stack
                )
                self._become("failing", why)
            if being_cancelled():  # and a task group that had errors at the same moment kept that to itself
                raise asyncio.CancelledError
            if reason is not None:
                await self._halt(reason)
            await asyncio.sleep(next(waits))

    def _joined(self, partitions: int) -> None:
        self._become("running", partitions=partitions)

    async def _halt(self, reason: str) -> None:
        log.error("consumer.stopped", group=self.group, reason=reason)
        metrics.STOPPED.labels(self.group).set(1)
        self._become("stopped", reason)
        try:
            await asyncio.Event().wait()
        finally:
            metrics.STOPPED.labels(self.group).set(0)

    def _become(
        self,
        phase: Literal["starting", "running", "failing", "stopped"],
        reason: str | None = None,
        partitions: int = 0,
    ) -> None:
        if (phase, reason, partitions) != (self.state.phase, self.state.reason, self.state.partitions):
            self.state = ConsumerState(phase, self._clock.now(), reason, partitions)
            log.info("consumer.phase_changed", group=self.group, phase=phase, reason=reason, partitions=partitions)


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    first = errors.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first
