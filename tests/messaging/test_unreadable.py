"""Messages that the Kafka client itself cannot read."""

from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

# The client's own check of texts is in its compiled builder; this one is the same in Python.
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy

from shared.ids import new_id
from shared.messaging import Consumer, KafkaProducer, KafkaSettings, KafkaSource, ensure_topics
from tests.messaging.conftest import Run
from tests.messaging.support import TEST_KEYS, Service
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka


class _NoText(str):
    """A header's name that goes over the wire as bytes of no text."""

    def encode(self, *_: object) -> bytes:
        return b"\xff\xfe"


async def _send_batch(settings: KafkaSettings, topic: str, bad: set[int], count: int) -> None:
    """One batch of `count` messages without codes, those of `bad` with such a header."""
    producer = AIOKafkaProducer(**settings.connection(), enable_idempotence=False)
    await producer.start()
    try:
        batch = producer.create_batch()
        batch._builder = _DefaultRecordBatchBuilderPy(
            magic=2,
            compression_type=0,
            is_transactional=0,
            producer_id=-1,
            producer_epoch=-1,
            base_sequence=-1,
            batch_size=100_000,
        )
        for number in range(count):
            name = _NoText("name") if number in bad else "name"
            batch.append(timestamp=None, key=b"key", value=b"{}", headers=[(name, b"value")])
        await (await producer.send_batch(batch, topic, partition=0))
    finally:
        await producer.stop()


async def test_a_batch_that_the_client_cannot_read_stops_nobody(service: Service, broker: Any, run: Run) -> None:
    """[attacks F3] header names that are no text, between true events: all of those have their effect, in order."""
    settings = KafkaSettings(broker.bootstrap, idempotence=broker.idempotence, partitions=1)
    await ensure_topics(settings, [service.topic])
    key = new_id()
    producer = KafkaProducer(settings)
    try:
        await producer.send([service.message(key, 1), service.message(key, 2)])
        await _send_batch(settings, service.topic, bad={1, 3}, count=5)
        await producer.send([service.message(key, 3)])
        await _send_batch(settings, service.topic, bad={0}, count=1)
        await producer.send([service.message(key, 4), service.message(key, 5)])
    finally:
        await producer.stop()
    source = KafkaSource.maker(settings, service.topic, [service.topic])
    consumer = Consumer(service.db, source, service.topic, service.handlers, keys=TEST_KEYS)
    async with run(consumer.run()):
        await eventually(lambda: service.all_effects_are_there(5), timeout=40)
    assert await service.effects() == [(key, number) for number in range(1, 6)]
    # The readable message before the first unreadable one, and one letter for each batch that was passed over.
    assert [(letter.status, letter.error_type) for letter in await service.letters()] == [
        ("refused", "wrong-source")
    ] * 3
