"""The producer's port on Kafka."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer

from shared.messaging.kafka import REQUEST_TIMEOUT_MS, KafkaSettings, as_broker_error, ensure_topics, stop_client
from shared.messaging.message import Message
from shared.messaging.partitioning import index_of
from shared.messaging.ports import BrokerError

_BATCH_BYTES = 512 * 1024


class KafkaProducer:
    """Sends with `acks=all`, one batch of a partition after the other, partitions side by side.

    Never having two batches of a partition under way keeps the order without the idempotent producer too: what a
    retry doubles, it doubles in order. A client that failed once is thrown away; the next `send` makes a fresh one.
    """

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._client: AIOKafkaProducer | None = None
        self._topics: dict[str, list[int]] = {}

    async def send(self, messages: Sequence[Message]) -> None:
        try:
            client = await self._ready({message.topic for message in messages})
            lanes: defaultdict[tuple[str, int], list[tuple[bytes, Message]]] = defaultdict(list)
            for message in messages:
                key, numbers = message.key.encode(), self._topics[message.topic]
                lanes[message.topic, numbers[index_of(key, len(numbers))]].append((key, message))
            async with asyncio.TaskGroup() as group:
                sending = [
                    group.create_task(_send_in_order(client, *place, lane))  # watched: by the group, and below
                    for place, lane in lanes.items()
                ]
            # A group passes over a task that ended as cancelled; its messages were not acknowledged.
            if any(task.cancelled() for task in sending):
                raise BrokerError("sending failed: cancelled")
        except BaseException as error:
            await self.stop()
            reason = error.exceptions[0] if isinstance(error, BaseExceptionGroup) else error
            if isinstance(reason, BrokerError):
                raise reason from error
            raise

    async def stop(self) -> None:
        client, self._client = self._client, None
        self._topics.clear()
        if client is not None:
            await stop_client(client)

    async def _ready(self, topics: set[str]) -> AIOKafkaProducer:
        if self._client is None:
            client = AIOKafkaProducer(
                **self._settings.connection(),
                acks="all",
                enable_idempotence=self._settings.idempotence,
                max_batch_size=_BATCH_BYTES,
                max_request_size=16 * 1024 * 1024,
                request_timeout_ms=REQUEST_TIMEOUT_MS,
                metadata_max_age_ms=5_000,
            )
            try:
                with as_broker_error("connecting"):
                    await client.start()
            except BaseException:
                await stop_client(client)
                raise
            self._client = client
        missing = topics - self._topics.keys()
        if missing:
            await ensure_topics(self._settings, missing)
            with as_broker_error("asking for partitions"):
                for topic in missing:
                    self._topics[topic] = sorted(await self._client.partitions_for(topic))
        return self._client


async def _send_in_order(
    client: AIOKafkaProducer, topic: str, number: int, messages: Sequence[tuple[bytes, Message]]
) -> None:
    position = 0
    while position < len(messages):
        batch = client.create_batch()
        while position < len(messages):
            key, message = messages[position]
            appended = batch.append(timestamp=None, key=key, value=message.value, headers=list(message.headers))
            if appended is None:
                break
            position += 1
        with as_broker_error("sending"):
            await (await client.send_batch(batch, topic, partition=number))
