"""The benchmarks run: how fast is for `make bench` to say, on a machine that does nothing else."""

import json
from dataclasses import replace

import pytest

from shared.ids import new_id
from shared.messaging import KafkaSettings, outbox
from tests.bench import messaging
from tests.messaging.support import Service
from tests.peers.programs import bare
from tests.peers.programs.stopwatch import Stopwatch, Task


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


@pytest.mark.kafka
@pytest.mark.system
async def test_the_bare_loops_do_the_whole_work(
    service: Service, kafka: KafkaSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    async with service.db.transaction() as session:
        await outbox.put(session, [replace(each, topic=service.topic) for each in messaging.sample(500)])
    url = service.db.url.replace("+asyncpg", "")
    task = Task(url, kafka.bootstrap, kafka.idempotence, service.topic, f"bare-{new_id().hex}", 500)
    await bare.relay(task, Stopwatch())
    assert await service.count("outbox") == 0
    await bare.consume(task, Stopwatch())
    assert await service.count("effects") == 500
    relayed, consumed = map(json.loads, capsys.readouterr().out.splitlines())
    assert (relayed["events"], consumed["events"]) == (0, 500)  # the relay's first batch is not measured
