"""Throughput of events: relay and consumer, each alone in one process. Rows of (what, number, target, ratio).

Numbers are events a second of about 450 bytes; `ratio` is number / target. The caller brings a database with the
tables of `shared/messaging/v1.sql` plus `effects` of `tests/messaging/support.py`, and a broker.
"""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import Database
from shared.events.base import Event
from shared.ids import new_id
from shared.messaging import (
    BatchHandler,
    Consumer,
    Delivery,
    Envelope,
    KafkaProducer,
    KafkaSettings,
    MemoryBroker,
    MemoryProducer,
    MemorySource,
    Message,
    Producer,
    Relay,
    encode,
    outbox,
)
from tests.support.keys import event_keys

Row = tuple[str, float, float, float]
RELAY_TARGET = 20_000
CONSUMER_TARGET = 5_000
EVENTS = 40_000
_KEYS = 200


class Measured(Event):
    """An event whose message is about 450 bytes, headers included."""

    topic: ClassVar[str] = "bench.events"
    key_fields: ClassVar[tuple[str, ...]] = ("aggregate",)

    aggregate: UUID
    number: int
    note: str = "x" * 40


def sample(count: int) -> list[Message]:
    """Signed events of many aggregates."""
    keys = [new_id() for _ in range(_KEYS)]
    now = datetime.now(UTC)
    events = [Measured(aggregate=keys[n % _KEYS], number=n) for n in range(count)]
    mine = event_keys("bench")
    return [mine.sign(encode(event, Envelope.of(event, id=new_id(), source=mine.source, time=now))) for event in events]


async def relay_to_memory(db: Database, events: int = EVENTS) -> Row:
    """The relay alone: PostgreSQL is real, the broker costs nothing."""
    return await _relay("outbox relay, broker in memory", db, MemoryProducer(MemoryBroker(12)), events)


async def relay_to_kafka(db: Database, kafka: KafkaSettings, events: int = EVENTS) -> Row:
    """The relay to a real broker."""
    producer = KafkaProducer(kafka)
    try:
        await producer.send(sample(1))  # creates the topic
        return await _relay("outbox relay, real broker", db, producer, events)
    finally:
        await producer.stop()


async def _relay(what: str, db: Database, producer: Producer, events: int) -> Row:
    messages = sample(events)
    for start in range(0, events, 5_000):
        async with db.transaction() as session:
            await outbox.put(session, messages[start : start + 5_000])
    began = time.perf_counter()
    task = asyncio.create_task(Relay(db, producer).run())
    try:
        while await _count(db, "SELECT EXISTS (SELECT FROM outbox)"):
            await asyncio.sleep(0.02)
        seconds = time.perf_counter() - began
    finally:
        task.cancel()
        await asyncio.wait([task])
    return _row(what, events / seconds, RELAY_TARGET)


async def consumer_with_batch_handler(db: Database, events: int = EVENTS) -> Row:
    """Inbox and one row an event, written by one statement a batch."""

    async def take(session: AsyncSession, deliveries: Sequence[Delivery]) -> None:
        rows = [
            {"id": envelope.id, "aggregate": event.key, "number": event.number}
            for envelope, event in deliveries
            if isinstance(event, Measured)
        ]
        await session.execute(_EFFECT, rows)

    return await _consume("consumer, inbox and one row, batch handler", db, BatchHandler(take), events)


async def consumer_with_plain_handler(db: Database, events: int = EVENTS // 4) -> Row:
    """Inbox and one row an event, one statement an event: what a handler does that gives no thought to speed."""

    async def handle(session: AsyncSession, envelope: Envelope, event: Event) -> None:
        assert isinstance(event, Measured)
        await session.execute(_EFFECT, {"id": envelope.id, "aggregate": event.key, "number": event.number})

    return await _consume("consumer, inbox and one row, plain handler", db, handle, events)


async def _consume(what: str, db: Database, handler: object, events: int) -> Row:
    broker, group = MemoryBroker(12), f"bench-{new_id().hex}"
    await MemoryProducer(broker).send(sample(events))
    source = MemorySource.maker(broker, group, [Measured.topic])
    began = time.perf_counter()
    consumer = Consumer(db, source, group, {Measured: handler}, keys=event_keys("bench"))  # type: ignore[dict-item]  # one of the two kinds
    task = asyncio.create_task(consumer.run())
    try:
        while sum(broker.committed(group).values()) < events:
            await asyncio.sleep(0.02)
        seconds = time.perf_counter() - began
    finally:
        task.cancel()
        await asyncio.wait([task])
    return _row(what, events / seconds, CONSUMER_TARGET)


_EFFECT = text("INSERT INTO effects (id, aggregate, number) VALUES (:id, :aggregate, :number)")


async def _count(db: Database, query: str) -> int:
    async with db.read() as session:
        return int(await session.scalar(text(query)))


def _row(what: str, number: float, target: float) -> Row:
    return what, round(number), target, round(number / target, 2)
