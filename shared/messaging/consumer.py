"""The consumer: a group's member, one lane for each partition, commits after the effects, and never silently stuck."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import structlog

from shared.clock import Clock, SystemClock
from shared.db import Database
from shared.messaging import deadletters, metrics
from shared.messaging.authenticity import EventKeys
from shared.messaging.effects import Effects
from shared.messaging.handlers import Handlers
from shared.messaging.lane import Lane
from shared.messaging.limit import DeadLetterLimit, LimitReached
from shared.messaging.message import Partition
from shared.messaging.ports import BrokerError, MakeSource, Source
from shared.messaging.replay import LetterDesk
from shared.messaging.retry import backoff, is_transient
from shared.messaging.watchdog import Watchdog

log = structlog.get_logger(__name__)

_JOIN_SECONDS = 60.0
_FINISH_SECONDS = 10.0
_COMMIT_EVERY = 0.2
_LOOK_AT_LETTERS_EVERY = 1.0


@dataclass(frozen=True, slots=True)
class ConsumerState:
    """`stopped` stands still at its dead-letter limit until restarted; `failing` goes on trying by itself."""

    phase: Literal["starting", "running", "failing", "stopped"]
    since: datetime
    reason: str | None = None
    partitions: int = 0

    @property
    def ready(self) -> bool:
        return self.phase == "running"


class Consumer:
    """Works through what `make_source` delivers to `group`. Outages of broker and database are waited out.

    Events that the `keys` do not show to be authentic are refused; also those older than `max_age`, which is how long
    the inbox remembers: sent once more by a stranger, they would have a second effect.
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
        self._desk = LetterDesk(db, group, handlers, keys=keys, not_yet_for=not_yet_for, clock=self._clock)
        self._batch_size = batch_size
        self._watchdog = watchdog or Watchdog(group)
        self._source: Source | None = None
        self._tasks: asyncio.TaskGroup | None = None
        self._lanes: dict[Partition, Lane] = {}
        self._committed: dict[Partition, int] = {}
        self._settled = asyncio.Event()
        self.state = ConsumerState("starting", self._clock.now())

    async def run(self) -> None:
        """Consume until cancelled. At its dead-letter limit it leaves the group, says so and does no more."""
        waits = backoff(0.2, 10.0)
        while True:
            began = asyncio.get_running_loop().time()
            reason = None
            try:
                await self._serve()
            except* LimitReached as reached:
                reason = str(_first(reached))
            except* Exception as errors:
                if asyncio.get_running_loop().time() - began > 30:
                    waits = backoff(0.2, 10.0)
                why = type(_first(errors)).__name__
                metrics.RESTARTS.labels(self.group, why).inc()
                # What is no outage is a bug, here or in a library: its stack says where.
                stack = None if is_transient(_first(errors)) else _first(errors)
                log.warning(
                    "consumer begins anew", group=self.group, error=why, detail=str(_first(errors)), exc_info=stack
                )
                self._become("failing", why)
            if reason is not None:
                await self._stand_still(reason)
            await asyncio.sleep(next(waits))

    async def on_assigned(self, partitions: Sequence[Partition]) -> None:
        """The broker gives us `partitions`."""
        source, tasks = self._source, self._tasks
        if source is None or tasks is None:
            return
        for place in partitions:
            lane = Lane(place, source, self._effects, self._batch_size, self._settled.set)
            running = lane.run()
            try:
                lane.task = tasks.create_task(running, name=f"{self.group} {place.topic}/{place.number}")
            except RuntimeError:  # we are about to leave the group, and the broker does not know yet
                running.close()
                return
            self._lanes[place] = lane
        metrics.ASSIGNED.labels(self.group).set(len(self._lanes))
        self._become("running")

    async def on_revoked(self, partitions: Sequence[Partition]) -> None:
        """The broker takes `partitions` away: come to an end with them and commit what is done."""
        lanes = [self._lanes[place] for place in partitions if place in self._lanes]
        await asyncio.gather(*(lane.finish(_FINISH_SECONDS) for lane in lanes))
        await self._commit()
        for lane in lanes:
            self._lanes.pop(lane.partition, None)
            self._committed.pop(lane.partition, None)
        metrics.ASSIGNED.labels(self.group).set(len(self._lanes))

    async def _serve(self) -> None:
        """One membership of the group, from joining to leaving."""
        self._source = self._make_source(self)
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                async with asyncio.timeout(_JOIN_SECONDS):
                    await self._source.start()
                self._become("running")
                tasks.create_task(self._commit_what_is_done())
                tasks.create_task(self._watchdog.watch(self._source.progress, self._excused))
                tasks.create_task(self._look_after_letters())
        finally:
            self._tasks = None
            await self._commit()
            self._lanes.clear()
            self._committed.clear()
            metrics.ASSIGNED.labels(self.group).set(0)
            await self._source.stop()

    def _excused(self) -> bool:
        # A lane that waits for the database is not stuck; one that is in the same transaction for long is.
        return any(lane.doing == "backing off" for lane in self._lanes.values())

    async def _commit_what_is_done(self) -> None:
        while True:
            await self._settled.wait()
            self._settled.clear()
            await self._commit()
            await asyncio.sleep(_COMMIT_EVERY)

    async def _commit(self) -> None:
        done = {p: lane.done for p, lane in self._lanes.items() if lane.done is not None}
        news = {p: offset for p, offset in done.items() if self._committed.get(p) != offset}
        if not news or self._source is None:
            return
        try:
            async with asyncio.timeout(_FINISH_SECONDS):
                await self._source.commit(news)
        except (BrokerError, OSError, TimeoutError) as error:
            # Delivered again, the inbox knows them; the watchdog sees when this goes on.
            log.info("commit refused", group=self.group, error=str(error))
        else:
            self._committed |= news

    async def _look_after_letters(self) -> None:
        """Try deferred letters again, and count letters. The consumer goes on when this cannot."""
        while True:
            try:
                await self._desk.go_on()
                async with self._desk.db.read() as session:
                    for status, count in (await deadletters.counts(session, self.group)).items():
                        metrics.LETTERS.labels(self.group, status).set(count)
            except Exception as error:
                log.warning("letters not looked after", group=self.group, error=type(error).__name__)
            await asyncio.sleep(_LOOK_AT_LETTERS_EVERY)

    async def _stand_still(self, reason: str) -> None:
        log.error("consumer stopped: look at its dead letters, mend, restart", group=self.group, reason=reason)
        metrics.STOPPED.labels(self.group).set(1)
        self._become("stopped", reason)
        try:
            await asyncio.Event().wait()
        finally:
            metrics.STOPPED.labels(self.group).set(0)

    def _become(self, phase: Literal["running", "failing", "stopped"], reason: str | None = None) -> None:
        if (phase, reason, len(self._lanes)) != (self.state.phase, self.state.reason, self.state.partitions):
            self.state = ConsumerState(phase, self._clock.now(), reason, len(self._lanes))
            log.info("consumer", group=self.group, phase=phase, reason=reason, partitions=len(self._lanes))


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    first = errors.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first
