"""Kills in the middle of the work: 2,000 submissions, each with exactly one effect, in order, whichever process dies.

Relay and consumer are processes of their own; the broker and PostgreSQL are the real ones.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from shared.ids import new_id
from shared.messaging import Consumer, KafkaProducer, KafkaSettings, KafkaSource, Message, Relay
from shared.messaging.tables import headers_to_json
from tests.messaging.conftest import Run
from tests.messaging.support import TEST_KEYS, Service, by_key
from tests.support.parts import leak
from tests.support.waiting import eventually, reached

pytestmark = pytest.mark.kafka
SUBMISSIONS = 2_000
WRITERS = 8


@pytest.fixture
def spawn(database: Any, service: Service, kafka: KafkaSettings) -> Iterator[Callable[[str], subprocess.Popen[bytes]]]:
    """`spawn("relay")` starts a part in a process of its own."""
    children: list[subprocess.Popen[bytes]] = []

    def start(part: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.messaging.worker", part, "--url", database.url, "--bootstrap"]
        command += [kafka.bootstrap, "--topic", service.topic, "--group", service.topic]
        children.append(subprocess.Popen(command + ["--idempotence"] * kafka.idempotence))
        return children[-1]

    yield start
    for child in children:
        child.kill()
        child.wait()


async def _submit_all(service: Service) -> None:
    async def one_writer() -> None:
        keys = [new_id() for _ in range(5)]
        for number in range(SUBMISSIONS // WRITERS):
            await service.submit_whatever_happens(keys[number % 5], number)

    async with asyncio.TaskGroup() as group:
        for _ in range(WRITERS):
            group.create_task(one_writer())


async def _all_arrived(service: Service) -> None:
    try:
        await reached(service.effects_so_far, SUBMISSIONS)
    except AssertionError as error:
        error.add_note(f"effects {await service.count('effects')}, still in the outbox {await service.count('outbox')}")
        raise
    await service.check_exactly_once_and_in_order(SUBMISSIONS)
    assert await service.count("outbox") == 0
    assert await service.count("dead_letters") == 0


@pytest.mark.system
@pytest.mark.parametrize("part", ["relay", "consumer"])
async def test_killed_part_loses_no_event_and_doubles_no_effect(
    service: Service, spawn: Callable[[str], subprocess.Popen[bytes]], part: str
) -> None:
    """Event lost between commit and publish: dotnet/eShop#159."""
    parts = {name: spawn(name) for name in ("relay", "consumer")}
    async with asyncio.TaskGroup() as group:
        group.create_task(_submit_all(service))
        for already in (100, 900):
            await reached(service.effects_so_far, already)
            parts[part].kill()
            parts[part].wait()
            parts[part] = spawn(part)
    await _all_arrived(service)


@pytest.mark.system
@pytest.mark.parametrize("server", ["broker", "postgres"])
async def test_killed_server_loses_no_event_and_doubles_no_effect(
    service: Service, spawn: Callable[[str], subprocess.Popen[bytes]], server: str, request: pytest.FixtureRequest
) -> None:
    """Nothing is lost between servers that die either, and every part finds them again by itself."""
    killed = request.getfixturevalue(server)
    parts = [spawn(name) for name in ("relay", "consumer")]
    async with asyncio.TaskGroup() as group:
        group.create_task(_submit_all(service))
        for already in (100, 900):
            await reached(service.effects_so_far, already)
            await asyncio.to_thread(killed.kill)
            await asyncio.to_thread(killed.start)
    await _all_arrived(service)
    assert all(part.poll() is None for part in parts)


@pytest.mark.faults
async def test_broker_that_comes_back_is_found_again(
    service: Service, kafka: KafkaSettings, broker: Any, run: Run
) -> None:
    """[faults 36] Consumer frozen after a broker restart: aio-libs/aiokafka#1154."""
    key = new_id()
    consumer = Consumer(
        service.db,
        KafkaSource.maker(kafka, service.topic, [service.topic]),
        service.topic,
        service.handlers,
        keys=TEST_KEYS,
    )
    async with run(Relay(service.db, KafkaProducer(kafka)).run()), run(consumer.run()):
        await service.submit(key, 0)
        await eventually(lambda: service.all_effects_are_there(1), 120)
        await asyncio.to_thread(broker.kill)
        for number in range(1, 100):
            await service.submit(key, number)
        await asyncio.to_thread(broker.start)
        await eventually(lambda: service.all_effects_are_there(100), 120)
    assert by_key(await service.effects()) == {key: list(range(100))}


@pytest.mark.system
async def test_parts_started_before_the_broker_wait_for_it(
    service: Service, kafka: KafkaSettings, broker: Any, run: Run
) -> None:
    await asyncio.to_thread(broker.stop)
    consumer = Consumer(
        service.db,
        KafkaSource.maker(kafka, service.topic, [service.topic]),
        service.topic,
        service.handlers,
        keys=TEST_KEYS,
    )
    relay = Relay(service.db, KafkaProducer(kafka))
    async with run(relay.run()), run(consumer.run()):
        await service.submit(new_id(), 1)
        await eventually(lambda: consumer.state.phase == relay.state.phase == "failing")
        await asyncio.to_thread(broker.start)
        await eventually(lambda: service.all_effects_are_there(1), 120)
        await eventually(lambda: consumer.state.ready and relay.state.ready)


async def test_order_per_key_is_kept_when_members_join_and_leave(
    service: Service, kafka: KafkaSettings, run: Run
) -> None:
    keys = [new_id() for _ in range(10)]

    def member() -> Consumer:
        source = KafkaSource.maker(kafka, service.topic, [service.topic])
        return Consumer(service.db, source, service.topic, service.handlers, keys=TEST_KEYS, batch_size=20)

    first, second = member(), member()
    async with run(Relay(service.db, KafkaProducer(kafka)).run()), run(first.run()):
        await eventually(lambda: first.state.partitions == 3, 30)

        async def submit() -> None:
            for number in range(100):
                for key in keys:
                    await service.submit(key, number)

        async with asyncio.TaskGroup() as group:
            group.create_task(submit())
            async with run(second.run()):
                await eventually(lambda: 0 < second.state.partitions < 3, 30)
        await eventually(lambda: service.all_effects_are_there(1000), 60)
    assert by_key(await service.effects()) == {key: list(range(100)) for key in sorted(keys)}


async def test_message_that_kafka_connect_sent_in_place_of_the_relay_has_its_effect(
    service: Service, kafka: KafkaSettings, run: Run
) -> None:
    """Debezium's outbox event router puts the column `headers` into one header."""
    key = new_id()
    message = service.message(key, 1)
    packed = json.dumps(headers_to_json(message.headers)).encode()
    producer = KafkaProducer(kafka)
    await producer.send([Message(message.topic, message.key, message.value, (("outbox-headers", packed),))])
    await producer.stop()
    consumer = Consumer(
        service.db,
        KafkaSource.maker(kafka, service.topic, [service.topic]),
        service.topic,
        service.handlers,
        keys=TEST_KEYS,
    )
    async with run(consumer.run()):
        await eventually(lambda: service.all_effects_are_there(1), 120)
    assert await service.effects() == [(key, 1)]


def _of_the_library() -> list[str]:
    """Tasks of aiokafka that run now, no matter what started them."""
    running: Iterator[Any] = (task.get_coro() for task in asyncio.all_tasks() if not task.done())
    return [coroutine.__qualname__ for coroutine in running if "aiokafka" in coroutine.cr_code.co_filename]


@pytest.mark.parametrize("broken", ["_coordinator", "_fetcher"])
async def test_nothing_of_a_consumers_client_is_left_where_its_stop_lets_a_cancellation_out(
    service: Service, kafka: KafkaSettings, run: Run, broken: str
) -> None:
    """[faults 36] A client that is left behind holds its partitions. Fails when the library's inside has changed."""
    source = KafkaSource.maker(kafka, service.topic, [service.topic])
    consumer = Consumer(service.db, source, service.topic, service.handlers, keys=TEST_KEYS)
    async with run(consumer.run()):
        await eventually(lambda: consumer.ready and consumer.state.partitions == 3, 60)
        client = consumer._membership._source._client  # type: ignore[union-attr]
        getattr(client, broken).close = leak
        assert _of_the_library()
    assert not _of_the_library()
    assert not any(connection.connected() for connection in client._client._conns.values())


async def test_nothing_of_a_producers_client_is_left_where_its_stop_lets_a_cancellation_out(
    service: Service, kafka: KafkaSettings
) -> None:
    """[faults 36] A client that is left behind keeps sending."""
    producer = KafkaProducer(kafka)
    await producer.send([service.message(new_id(), 0)])
    client = producer._client
    assert client and _of_the_library()
    client._sender.close = leak
    await producer.stop()
    assert not _of_the_library()
    assert not any(connection.connected() for connection in client.client._conns.values())
