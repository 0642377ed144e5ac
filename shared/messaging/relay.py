"""The relay: moves the outbox to the broker, in order, forgetting nothing.

It deletes exactly the rows it read, in a transaction that commits only after the broker acknowledged them, and that
keeps which events they were (`sent_events`) and, for two days, what they said (`recent_events`). There is no "last id
seen": an identity value can commit after a higher one, and a cursor would pass it by. There is one active relay for
each database, because several reorder the events of one aggregate.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import Literal

import structlog
from sqlalchemy import Text, cast, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from shared import tracing
from shared.backoff import backoff
from shared.clock import Clock, SystemClock
from shared.db import Database
from shared.events import CATALOGUE
from shared.messaging import metrics, traces
from shared.messaging.message import Message
from shared.messaging.outbox import woken
from shared.messaging.ports import Producer
from shared.messaging.tables import headers_from_text, outbox, recent_events, sent_events
from shared.tasks import contained, see_through

log = structlog.get_logger(__name__)

# Neither kept nor counted: another snapshot takes the place of rows that were lost.
_NOT_REMEMBERED = [event.event_type() for event in CATALOGUE if not event.is_remembered]
# Held by the relay that sends. Any constant: advisory locks are per database.
LOCK = 7_203_871_147
_STANDBY_PAUSE = 0.5
_SHORTEST_PAUSE = 0.02
_LONGEST_PAUSE = 1.0
# Below the database's limit for idle transactions (60 s), so that a silent broker is noticed here first.
_SEND_TIMEOUT = 45.0
_DROP_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class RelayState:
    """`reason` is set while `failing`; `standby` is as healthy as `leading`."""

    phase: Literal["starting", "standby", "leading", "failing"]
    since: datetime
    reason: str | None = None

    @property
    def ready(self) -> bool:
        return self.phase in ("standby", "leading")


class Relay:
    """Sends the rows of the outbox. Holds one connection of the pool while it leads."""

    def __init__(
        self, db: Database, producer: Producer, *, batch_size: int = 2_000, clock: Clock | None = None
    ) -> None:
        self._db = db
        self._producer = producer
        self._batch_size = batch_size
        self._clock = clock or SystemClock()
        self._woken = asyncio.Event()
        self.state = RelayState("starting", self._clock.now())

    def wake(self) -> None:
        """Look into the outbox now."""
        self._woken.set()

    async def run(self) -> None:
        """Relay until cancelled. Outages of database and broker are waited out, also at the start."""
        self._become("starting")
        waits = backoff(0.1, 5.0)
        with woken(self._db.engine, self.wake):
            while True:
                try:
                    with contained():
                        async with self._leadership() as connection:
                            async for _ in self._rounds(connection):
                                waits = backoff(0.1, 5.0)
                except Exception as error:
                    metrics.RELAY_FAILURES.inc()
                    self._become("failing", type(error).__name__)
                    await asyncio.sleep(next(waits))

    @asynccontextmanager
    async def _leadership(self) -> AsyncIterator[AsyncConnection]:
        """The connection that holds the lock, and on which the rows are deleted.

        Lock and work share one connection: when it dies, both end, and a stand-by can never meet a leader that is
        still deleting. What a leader that lost its connection still sends arrives twice, in order both times.
        """
        connection = await self._db.engine.connect()
        try:
            # A machine that vanished must not hold the lock for the two hours TCP would give it.
            for setting in ("tcp_keepalives_idle = 5", "tcp_keepalives_interval = 3", "tcp_keepalives_count = 3"):
                await connection.execute(text(f"SET {setting}"))
            while not await connection.scalar(select(func.pg_try_advisory_lock(LOCK))):
                await connection.commit()
                self._become("standby")
                await asyncio.sleep(_STANDBY_PAUSE)
            await connection.commit()
            self._become("leading")
            metrics.LEADING.set(1)
            yield connection
        finally:
            metrics.LEADING.set(0)
            # Closing the connection, not giving it back to the pool, is what frees the lock for certain.
            await see_through(_drop(connection), seconds=_DROP_SECONDS, name="closing of the relay's connection")

    async def _rounds(self, connection: AsyncConnection) -> AsyncIterator[int]:
        pause = _SHORTEST_PAUSE
        while True:
            self._woken.clear()
            moved = await self._move(connection)
            yield moved
            if moved == self._batch_size:
                continue
            pause = _SHORTEST_PAUSE if moved else min(_LONGEST_PAUSE, pause * 2)
            try:
                async with asyncio.timeout(pause):
                    await self._woken.wait()
            except TimeoutError:
                continue
            pause = _SHORTEST_PAUSE

    async def _move(self, connection: AsyncConnection) -> int:
        """Move one batch; the number of rows. After any failure the rows are still there."""
        async with connection.begin():
            rows = sorted(await connection.execute(_take(self._batch_size)), key=itemgetter(0))
            metrics.OLDEST.set(rows[0][-1] if rows else 0)
            if rows:
                messages = [
                    Message(topic, key, payload, headers_from_text(headers))
                    for _, topic, key, payload, headers, _ in rows
                ]
                with tracing.follow(traces.sending(messages, [row[-1] for row in rows])):
                    async with asyncio.timeout(_SEND_TIMEOUT):
                        await self._producer.send(messages)
        metrics.PUBLISHED.inc(len(rows))
        return len(rows)

    def _become(self, phase: Literal["starting", "standby", "leading", "failing"], reason: str | None = None) -> None:
        if (phase, reason) != (self.state.phase, self.state.reason):
            self.state = RelayState(phase, self._clock.now(), reason)
            log.info("relay.phase_changed", phase=phase, reason=reason)


@cache
def _take(count: int):  # type: ignore[no-untyped-def]  # a Select of six columns, spelled by inference
    """Delete the first rows, keep which events they were and what they said, and return them."""
    first = select(outbox.c.position).order_by(outbox.c.position).limit(count)
    gone = delete(outbox).where(outbox.c.position.in_(first.scalar_subquery())).returning(*outbox.c).cte("gone")
    # The copy of a letter has the id of its event.
    is_event = gone.c.aggregatetype.not_like("%.dead-letters") & gone.c.type.not_in(_NOT_REMEMBERED)
    events = select(gone.c.id, gone.c.type, gone.c.aggregateid, gone.c.recorded_at).where(is_event)
    columns = ["event_id", "type", "key", "recorded_at"]
    # The same message put twice is one event.
    kept = insert(sent_events).from_select(columns, events).on_conflict_do_nothing().cte("kept")
    whole = select(*gone.c).where(is_event)
    recent = insert(recent_events).from_select(gone.c.keys(), whole).on_conflict_do_nothing().cte("recent")
    age = func.extract("epoch", func.clock_timestamp() - gone.c.recorded_at)
    # As text: the driver reads JSON with a function of Python for each row.
    headers = cast(gone.c.headers, Text).label("headers")
    columns_to_send = (gone.c.position, gone.c.aggregatetype, gone.c.aggregateid, gone.c.payload, headers, age)
    return select(*columns_to_send).add_cte(kept, recent)


async def _drop(connection: AsyncConnection) -> None:
    await connection.invalidate()
    await connection.close()
