"""One membership of a group, from joining to leaving: a lane for each partition, and the loops beside them."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog

from shared.messaging import deadletters, metrics
from shared.messaging.authenticity import owner_of
from shared.messaging.effects import Effects
from shared.messaging.lane import Lane
from shared.messaging.message import Partition
from shared.messaging.ports import BrokerError, MakeSource
from shared.messaging.replay import DeadLetters
from shared.messaging.watchdog import Watchdog
from shared.tasks import contained

log = structlog.get_logger(__name__)

_JOIN_SECONDS = 60.0
_FINISH_SECONDS = 10.0
_COMMIT_EVERY = 0.2
_SWEEP_LETTERS_EVERY = 1.0


class EndedEarly(Exception):
    """A lane or a loop of a membership ended unasked: the membership has ended."""


class Membership:
    """Used once. `changed` is called with the number of partitions when the group is joined and at each change."""

    def __init__(
        self,
        make_source: MakeSource,
        effects: Effects,
        letters: DeadLetters,
        watchdog: Watchdog,
        batch_size: int,
        changed: Callable[[int], None],
    ) -> None:
        self._source = make_source(self)
        self._effects = effects
        self._letters = letters
        self._watchdog = watchdog
        self._batch_size = batch_size
        self._changed = changed
        self._group = effects.group
        self._tasks: asyncio.TaskGroup | None = None
        self._loops: list[asyncio.Task[None]] = []
        self._lanes: dict[Partition, Lane] = {}
        self._committed: dict[Partition, int] = {}
        self._returned = 0
        self._settled = asyncio.Event()
        self._fault: BaseException | None = None
        self._faulty = asyncio.Event()

    @property
    def alive(self) -> bool:
        """True while the group is joined and every lane and loop runs."""
        lanes = [lane.task for lane in self._lanes.values() if lane.task and not lane.finishing]
        return bool(self._loops) and not any(task.done() for task in (*self._loops, *lanes))

    async def run(self) -> None:
        """Join, work until something fails or the caller is cancelled, commit, leave."""
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                async with asyncio.timeout(_JOIN_SECONDS):
                    await self._source.start()
                watching = self._watchdog.watch(self._source.progress, self._excused)
                self._loops = [
                    self._begin(tasks, self._commit_settled(), "commits"),
                    self._begin(tasks, watching, "watchdog"),
                    self._begin(tasks, self._sweep_letters(), "letters"),
                ]
                self._changed(len(self._lanes))
                await self._faulty.wait()
                raise EndedEarly(str(self._fault)) from self._fault
        finally:
            self._tasks = None
            try:
                await self._commit()  # cleanup: uncommitted messages are delivered again, and the inbox knows them
            finally:
                self._lanes.clear()
                metrics.ASSIGNED.labels(self._group).set(0)
                await self._source.stop()

    async def on_assigned(self, partitions: Sequence[Partition]) -> None:
        """The broker assigned `partitions`: begin a lane for each."""
        if self._tasks is None:
            return
        for partition in partitions:
            lane = Lane(partition, self._source, self._effects, self._batch_size, self._settled.set)
            try:
                lane.task = self._begin(self._tasks, lane.run(), f"{partition.topic}/{partition.number}", lane)
            except RuntimeError:  # we are about to leave the group, and the broker does not know yet
                return
            self._lanes[partition] = lane
        self._report_partitions()

    async def on_revoked(self, partitions: Sequence[Partition]) -> None:
        """The broker takes `partitions` away: finish their lanes and commit.

        The client's own task runs this. An error would only be logged there, and a cancellation would end that task:
        either ends the membership instead.
        """
        try:
            with contained():
                lanes = [self._lanes[partition] for partition in partitions if partition in self._lanes]
                await asyncio.gather(*(lane.finish(_FINISH_SECONDS) for lane in lanes))
                await self._commit()
        except Exception as error:
            self._fail(error)
            return
        for lane in lanes:
            self._lanes.pop(lane.partition, None)
            self._committed.pop(lane.partition, None)
        self._report_partitions()

    def _report_partitions(self) -> None:
        metrics.ASSIGNED.labels(self._group).set(len(self._lanes))
        if self._loops:
            self._changed(len(self._lanes))

    def _begin(
        self, tasks: asyncio.TaskGroup, work: Coroutine[Any, Any, None], name: str, lane: Lane | None = None
    ) -> asyncio.Task[None]:
        """Run `work` as one of `tasks`, and end the membership with it, in whichever way it ends.

        A `TaskGroup` takes note of a child that raises, but passes over one that returned or was cancelled.
        """

        def ended(task: asyncio.Task[None]) -> None:
            wanted = lane is not None and lane.finishing
            if not wanted and (task.cancelled() or task.exception() is None):
                self._fail(EndedEarly(f"{name} {'was cancelled' if task.cancelled() else 'returned'}"))

        try:
            task = tasks.create_task(work, name=f"{self._group} {name}")  # watched: by `ended` and the group
        except RuntimeError:
            work.close()
            raise
        task.add_done_callback(ended)
        return task

    def _fail(self, error: BaseException) -> None:
        self._fault = self._fault or error
        self._faulty.set()

    def _excused(self) -> bool:
        # A lane that waits for the database is not stuck, and neither is one that is at another event of its batch than
        # when it was asked before: 500 events may take long together. One that is at the same event for long is.
        before, self._returned = self._returned, self._effects.dispatch.returned
        return self._returned != before or any(lane.doing == "backing off" for lane in self._lanes.values())

    async def _commit_settled(self) -> None:
        while True:
            await self._settled.wait()
            self._settled.clear()
            await self._commit()
            await asyncio.sleep(_COMMIT_EVERY)

    async def _commit(self) -> None:
        done = {p: lane.done for p, lane in self._lanes.items() if lane.done is not None}
        news = {p: offset for p, offset in done.items() if self._committed.get(p) != offset}
        if not news:
            return
        try:
            async with asyncio.timeout(_FINISH_SECONDS):
                await self._source.commit(news)
        except (BrokerError, OSError, TimeoutError) as error:
            # Delivered again, the inbox knows them; the watchdog sees when this goes on.
            log.info("consumer.commit_failed", group=self._group, error=str(error))
        else:
            self._committed |= news

    def _measure_freshness(self, letters: Mapping[str, datetime]) -> None:
        """Set how far the copies of each owner's facts are behind what it has sent."""
        now = self._letters.now()
        for topic in {place.topic for place in self._watchdog.progress}:
            unread = [self._watchdog.age(place) or 0.0 for place in self._watchdog.progress if place.topic == topic]
            since = letters.get(topic)
            aside = (now - since).total_seconds() if since else 0.0
            metrics.BEHIND.labels(self._group, owner_of(topic)).set(max(*unread, aside))

    async def _sweep_letters(self) -> None:
        """Retry deferred letters and count all letters. A failure here does not end the consumer."""
        while True:
            try:
                with contained():
                    counts, oldest = dict.fromkeys(deadletters.STATUSES, 0), dict[str, datetime]()
                    # Mostly there is none, and one question is enough.
                    if await self._letters.any():
                        await self._letters.retry_due()
                        async with self._letters.db.read() as session:
                            counts = await deadletters.counts(session, self._group)
                            oldest = await deadletters.oldest(session, self._group)
                    for status, count in counts.items():
                        metrics.LETTERS.labels(self._group, status).set(count)
                    self._measure_freshness(oldest)
            except Exception as error:
                log.warning("dead_letters.sweep_failed", group=self._group, error=type(error).__name__)
            await asyncio.sleep(_SWEEP_LETTERS_EVERY)
