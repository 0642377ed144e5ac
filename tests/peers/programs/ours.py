"""The relay and the consumer of this system, as a service runs them."""

import shared.importing  # isort: skip  # noqa: F401 - before all others: it turns the garbage collector off

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from aiokafka import TopicPartition
from prometheus_client import Counter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db import Database
from shared.db.together import insert_together
from shared.events.base import Event
from shared.http.server import exempt_what_stays
from shared.messaging import (
    BatchHandler,
    Consumer,
    Delivery,
    Envelope,
    Handler,
    KafkaProducer,
    KafkaSettings,
    KafkaSource,
    Relay,
    metrics,
)
from tests.bench.messaging import Measured
from tests.peers.programs.stopwatch import RECORDS, ROWS, Program, Stopwatch, Task, main
from tests.support.keys import event_keys

_EFFECT = text("INSERT INTO effects (id, aggregate, number) VALUES (:id, :aggregate, :number)")


class _Tables(DeclarativeBase):
    pass


class Effect(_Tables):
    """One row an event."""

    __tablename__ = "effects"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    aggregate: Mapped[UUID]
    number: Mapped[int]


async def relay(task: Task, watch: Stopwatch) -> None:
    """Rows of the outbox to the broker; kept as sent, and for two days whole."""
    db, producer = _database(task), KafkaProducer(_kafka(task))
    work = Relay(db, producer, batch_size=ROWS).run()
    await _until(task, watch, work, metrics.PUBLISHED, begin=True)
    await producer.stop()
    await db.close()


def _consume(handler: Handler | BatchHandler) -> Program:
    async def consume(task: Task, watch: Stopwatch) -> None:
        class Source(KafkaSource):
            async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
                watch.begin()
                await super().on_partitions_assigned(assigned)

        db, kafka = _database(task), _kafka(task)
        consumer = Consumer(
            db,
            lambda assignment: Source(kafka, task.group, [task.topic], assignment),
            task.group,
            {Measured: handler},
            keys=event_keys("bench"),
            batch_size=RECORDS,
        )
        await _until(task, watch, consumer.run(), metrics.EVENTS)
        await db.close()

    return consume


async def _together(session: AsyncSession, deliveries: Sequence[Delivery]) -> None:
    rows = [_row(envelope, event) for envelope, event in deliveries]
    await insert_together(await session.connection(), _Tables.metadata.tables["effects"], rows)


async def _alone(session: AsyncSession, envelope: Envelope, event: Event) -> None:
    await session.execute(_EFFECT, _row(envelope, event))


async def _added(session: AsyncSession, envelope: Envelope, event: Event) -> None:
    session.add(Effect(**_row(envelope, event)))


def _row(envelope: Envelope, event: Event) -> dict[str, Any]:
    assert isinstance(event, Measured)
    return {"id": envelope.id, "aggregate": event.aggregate, "number": event.number}


async def _until(task: Task, watch: Stopwatch, work: Any, counter: Counter, *, begin: bool = False) -> None:
    """Run `work` until the counter says that it has done as much as there is."""

    def done() -> int:
        # Of this counter alone: to ask the whole registry takes a hundred times as long.
        [metric] = counter.collect()
        return sum(int(each.value) for each in metric.samples if each.name.endswith("_total"))

    exempt_what_stays()
    running = asyncio.create_task(work)  # watched: below
    while done() < task.events:
        assert not running.done(), running
        if begin and (found := done()):
            watch.begin(found)
        await asyncio.sleep(0.01)
    watch.end(done())
    running.cancel()
    await asyncio.wait([running])


def _database(task: Task) -> Database:
    return Database(task.url.replace("postgresql:", "postgresql+asyncpg:"))


def _kafka(task: Task) -> KafkaSettings:
    return KafkaSettings(task.bootstrap, idempotence=task.idempotence)


if __name__ == "__main__":
    main(
        {
            "relay": relay,
            "batch": _consume(BatchHandler(_together)),
            "plain": _consume(_alone),
            "added": _consume(_added),
        }
    )
