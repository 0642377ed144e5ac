"""The limit: loops of asyncpg and aiokafka alone, that do the work and keep none of the other guarantees."""

import asyncio
import json
from collections import defaultdict
from typing import Any
from uuid import UUID

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.partitioner import DefaultPartitioner

from tests.peers.programs.stopwatch import RECORDS, ROWS, Assigned, Stopwatch, Task, main, take_effect

_TAKE = """
DELETE FROM outbox WHERE position IN (SELECT position FROM outbox ORDER BY position LIMIT $1)
RETURNING position, aggregateid, payload, headers
"""
_Sent = tuple[bytes, bytes, list[tuple[str, bytes]]]


async def relay(task: Task, watch: Stopwatch) -> None:
    """Delete, send in batches, wait for all, commit."""
    connection = await asyncpg.connect(task.url)
    producer = AIOKafkaProducer(
        bootstrap_servers=task.bootstrap,
        acks="all",
        enable_idempotence=task.idempotence,
        max_batch_size=512 * 1024,
        max_request_size=16 * 1024 * 1024,
    )
    await producer.start()
    numbers = sorted(await producer.partitions_for(task.topic))
    choose = DefaultPartitioner()
    more, done = True, 0
    while more:
        async with connection.transaction():
            rows = sorted(await connection.fetch(_TAKE, ROWS))
            more = len(rows) == ROWS
            lanes: defaultdict[int, list[_Sent]] = defaultdict(list)
            for _, key, payload, headers in rows:
                sent = key.encode(), payload, [(name, value.encode()) for name, value in json.loads(headers)]
                lanes[choose(sent[0], numbers, numbers)].append(sent)
            await asyncio.gather(*(_send(producer, task.topic, number, lane) for number, lane in lanes.items()))
        done += len(rows)
        watch.begin(done)
    watch.end(done)
    await producer.stop()
    await connection.close()


async def _send(producer: Any, topic: str, number: int, lane: list[_Sent]) -> None:
    at = 0
    while at < len(lane):
        batch = producer.create_batch()
        while at < len(lane):
            key, value, headers = lane[at]
            if batch.append(timestamp=None, key=key, value=value, headers=headers) is None:
                break
            at += 1
        await (await producer.send_batch(batch, topic, partition=number))


async def consume(task: Task, watch: Stopwatch) -> None:
    """Poll, parse, inbox and effect in one transaction, commit the offsets."""
    connection = await asyncpg.connect(task.url)
    consumer = AIOKafkaConsumer(
        bootstrap_servers=task.bootstrap,
        group_id=task.group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=250,
    )
    consumer.subscribe([task.topic], listener=Assigned(watch))
    await consumer.start()
    done = 0
    while done < task.events:
        rows = []
        for records in (await consumer.getmany(timeout_ms=1_000, max_records=RECORDS)).values():
            for record in records:
                headers, body = dict(record.headers), json.loads(record.value)
                rows.append((UUID(headers["ce_id"].decode()), UUID(body["aggregate"]), body["number"]))
        if rows:
            await take_effect(connection, task.group, rows)
            await consumer.commit()
            done += len(rows)
    watch.end(done)
    await consumer.stop()
    await connection.close()


if __name__ == "__main__":
    main({"relay": relay, "consume": consume})
