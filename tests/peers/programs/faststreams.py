"""FastStream's consumer of batches with an inbox written by hand, and faststream-outbox as a relay to Kafka."""

import logging
from typing import Any
from uuid import UUID

import asyncpg
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.annotations import KafkaMessage
from faststream_outbox import OutboxBroker, make_outbox_table
from faststream_outbox.annotations import OutboxMessage
from pydantic import BaseModel
from sqlalchemy import MetaData, text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.peers.programs.stopwatch import RECORDS, Assigned, Stopwatch, Task, main, take_effect

_WORKERS = 16


class Measured(BaseModel):
    """The body of an event."""

    aggregate: UUID
    number: int
    note: str


async def consume(task: Task, watch: Stopwatch) -> None:
    """One transaction a batch; offsets are committed after it, as nothing may be lost."""
    connection = await asyncpg.connect(task.url)
    broker = KafkaBroker(task.bootstrap, log_level=logging.WARNING)
    done = 0

    @broker.subscriber(  # type: ignore[untyped-decorator]
        task.topic,
        batch=True,
        group_id=task.group,
        auto_offset_reset="earliest",
        max_records=RECORDS,
        fetch_max_wait_ms=250,
        ack_policy=AckPolicy.NACK_ON_ERROR,
        listener=Assigned(watch),
    )
    async def take(bodies: list[Measured], message: KafkaMessage) -> None:
        nonlocal done
        ids = (UUID(headers["ce_id"]) for headers in message.batch_headers)
        rows = [(each, body.aggregate, body.number) for each, body in zip(ids, bodies, strict=True)]
        await take_effect(connection, task.group, rows)
        done += len(rows)
        if done >= task.events:
            watch.end(done)

    await broker.start()
    await watch.ended.wait()
    await broker.stop()
    await connection.close()


def _relay(workers: int) -> Any:
    async def relay(task: Task, watch: Stopwatch) -> None:
        """Each row is published with its headers and key, and deleted when the broker has it."""
        engine = create_async_engine(task.url.replace("postgresql:", "postgresql+asyncpg:"), pool_size=workers + 4)
        table = make_outbox_table(MetaData(), table_name="faststream_rows")
        broker = OutboxBroker(engine, outbox_table=table, log_level=logging.WARNING)
        kafka = KafkaBroker(task.bootstrap, acks="all", enable_idempotence=task.idempotence, log_level=logging.WARNING)
        done = 0

        @broker.subscriber(  # type: ignore[untyped-decorator]
            "rows", max_workers=workers, fetch_batch_size=500, terminal_flush_batch_size=500
        )
        async def send(body: dict[str, Any], message: OutboxMessage) -> None:
            nonlocal done
            headers = message.headers
            await kafka.publish(message.body, task.topic, key=headers["ce_subject"].encode(), headers=headers)
            done += 1
            watch.begin(done)
            if done >= task.events:
                watch.ended.set()

        await kafka.connect()
        await broker.start()
        await watch.ended.wait()
        async with engine.connect() as connection:
            while await connection.scalar(text("SELECT EXISTS (SELECT FROM faststream_rows)")):
                await connection.rollback()
        watch.end(done)
        await broker.stop()
        await kafka.stop()
        await engine.dispose()

    return relay


if __name__ == "__main__":
    main({"consume": consume, "relay-in-order": _relay(1), "relay": _relay(_WORKERS)})
