"""Events and their effects: inbox row, the handlers' changes and the events they send, in one transaction."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog

from shared import tracing
from shared.clock import Clock
from shared.db import Database
from shared.messaging import deadletters, inbox, metrics, traces
from shared.messaging.authenticity import EventKeys
from shared.messaging.handlers import Delivery, Dispatch, Handlers, Item
from shared.messaging.limit import DeadLetterLimit, FailureCounter
from shared.messaging.message import Received
from shared.messaging.retry import NotYet, is_race, is_transient
from shared.tasks import LeakedCancellation, contained

log = structlog.get_logger(__name__)

_RACE_ATTEMPTS = 5


class Effects:
    """The effects of one consumer group's events; shared by all partitions of a consumer."""

    def __init__(
        self,
        db: Database,
        group: str,
        handlers: Handlers,
        keys: EventKeys,
        limit: DeadLetterLimit,
        clock: Clock,
        max_age: timedelta | None = None,
    ) -> None:
        self.db = db
        self.group = group
        self.dispatch = Dispatch(handlers, keys)
        self._max_age = max_age
        self.failures = FailureCounter(limit)
        self._clock = clock

    def open(self, batch: Sequence[Received]) -> list[Item]:
        """The messages of `batch` that concern this service, decoded."""
        oldest = self._clock.now() - self._max_age if self._max_age else None
        items = [item for received in batch if (item := self.dispatch.open(received, oldest))]
        self._count("skipped", len(batch) - len(items))
        return items

    async def apply_batch(self, items: Sequence[Item]) -> Sequence[Item]:
        """Apply all `items` in one transaction; or none, and raise the first error.

        Returns those left over, in order: items that cannot be opened, and items whose topic and key have a letter.
        What is not authentic is set aside with them: it neither fails nor holds up its key.
        """
        with contained():
            return await self._apply_batch(items)

    async def _apply_batch(self, items: Sequence[Item]) -> Sequence[Item]:
        refused = [item for item in items if item.refused]
        items = [item for item in items if not item.refused]
        async with self.db.transaction() as session:
            if refused:
                await deadletters.refuse(session, self.group, refused, self._clock.now())
            held = {_place(item) for item in items if item.error}
            held |= await deadletters.blocked(session, self.group, (item.received.key for item in items))
            calm = [item for item in items if _place(item) not in held] if held else items
            deliveries = [(item.envelope, item.event) for item in calm if item.envelope and item.event]
            remembered = [envelope.id for envelope, event in deliveries if event.is_remembered]
            fresh = await inbox.record(session, self.group, remembered) if remembered else set()
            first = _first_deliveries(deliveries, fresh)
            with tracing.follow(traces.handling(self.group, first)):
                await self.dispatch.handle(session, first)
        self._report_refused(refused)
        self.failures.handled(len(first))
        self._count("handled", len(first))
        self._count("duplicate", len(deliveries) - len(first))
        if first:
            age = datetime.now(UTC) - min(envelope.time for envelope, _ in first)
            metrics.EVENT_AGE.labels(self.group).observe(max(age, timedelta(0)).total_seconds())
        return [item for item in items if _place(item) in held] if held else ()

    async def apply_one(self, item: Item) -> str:
        """Apply one item, or set it aside as a dead letter; the outcome, as the metric of events names it.

        Raises transient errors (retry), and `LimitReached` instead of setting aside too much.
        """
        if item.refused:
            async with self.db.transaction() as session:
                await deadletters.refuse(session, self.group, [item], self._clock.now())
            self._report_refused([item])
            return "refused"
        for attempt in range(1, _RACE_ATTEMPTS + 1):
            try:
                with contained():
                    outcome = await self._try(item)
                break
            except Exception as error:
                if is_transient(error):
                    self._count("retried")
                    raise
                # Two transactions met on one aggregate: the next attempt sees what the other wrote. And a cancellation
                # that leaked out of a library says nothing about the event.
                if (is_race(error) or isinstance(error, LeakedCancellation)) and attempt < _RACE_ATTEMPTS:
                    continue
                outcome = await self._set_aside(item, error, attempt)
                break
        if outcome == "handled":
            self.failures.handled()
        self._count(outcome)
        return outcome

    async def _try(self, item: Item) -> str:
        async with self.db.transaction() as session:
            await deadletters.lock(session, self.group, item.received.key)
            if await deadletters.wait_behind(session, self.group, item, self._clock.now()):
                return "waiting"
            if item.error or not item.envelope or not item.event:
                raise item.error or AssertionError("an item without error has an event")
            if item.event.is_remembered and not await inbox.record(session, self.group, [item.envelope.id]):
                return "duplicate"
            alone = [(item.envelope, item.event)]
            with tracing.follow(traces.handling(self.group, alone)):
                await self.dispatch.handle(session, alone)
            return "handled"

    async def _set_aside(self, item: Item, error: Exception, attempts: int) -> str:
        now = self._clock.now()
        if isinstance(error, NotYet):
            async with self.db.transaction() as session:
                await deadletters.lock(session, self.group, item.received.key)
                await deadletters.defer(session, self.group, item, error, now)
            return "deferred"
        with self.failures.reserve():
            async with self.db.transaction() as session:
                await deadletters.lock(session, self.group, item.received.key)
                await deadletters.park(session, self.group, item, error, now, attempts)
        where = {"topic": item.received.topic, "partition": item.received.partition, "offset": item.received.offset}
        log.error(
            "dead_letters.parked", group=self.group, event_id=str(item.id), **where, **deadletters.describe(error)
        )
        return "parked"

    def _report_refused(self, items: Sequence[Item]) -> None:
        self._count("refused", len(items))
        for (reason, topic), count in Counter(
            (item.refused.reason, item.received.topic) for item in items if item.refused
        ).items():
            metrics.REFUSED.labels(self.group, reason).inc(count)
            log.error("consumer.events_refused", group=self.group, topic=topic, reason=reason, count=count)

    def _count(self, outcome: str, count: int = 1) -> None:
        if count:
            metrics.EVENTS.labels(self.group, outcome).inc(count)


def _place(item: Item) -> tuple[str, str]:
    """Topic and key, within which events have an order."""
    return item.received.topic, item.received.key


def _first_deliveries(deliveries: Sequence[Delivery], fresh: set[UUID]) -> list[Delivery]:
    """The fresh ones of `deliveries`, and those that no inbox remembers; one that is twice in the batch only once."""
    left = fresh | {envelope.id for envelope, event in deliveries if not event.is_remembered}
    first = []
    for envelope, event in deliveries:
        if envelope.id in left:
            left.remove(envelope.id)
            first.append((envelope, event))
    return first
