"""The benchmarks run: how fast is for `make bench` to say, on a machine that does nothing else."""

import pytest

from shared.messaging import KafkaSettings
from tests.bench import messaging
from tests.messaging.support import Service


async def test_benchmarks_of_database_and_twin_give_rows(service: Service) -> None:
    rows = [
        await messaging.relay_to_memory(service.db, 500),
        await messaging.consumer_with_batch_handler(service.db, 500),
        await messaging.consumer_with_plain_handler(service.db, 500),
    ]
    assert all(number > 0 and ratio >= 0 for _, number, _, ratio in rows)
    assert await service.count("outbox") == 0
    assert await service.count("effects") == 1_000


@pytest.mark.kafka
async def test_benchmark_of_the_real_broker_gives_a_row(service: Service, kafka: KafkaSettings) -> None:
    what, number, _, _ = await messaging.relay_to_kafka(service.db, kafka, 500)
    assert (what, number > 0) == ("outbox relay, real broker", True)
