"""Cancellations that leak out of the Kafka client end nothing of ours, wherever they come out."""

import asyncio
import re
from collections.abc import Sequence
from typing import Any

import pytest

from shared.ids import new_id
from shared.messaging import (
    BrokerError,
    Consumer,
    KafkaProducer,
    KafkaSettings,
    KafkaSource,
    MemoryBroker,
    MemoryProducer,
    Message,
    Relay,
    Watchdog,
    kafka,
    kafka_producer,
    kafka_source,
)
from tests.messaging.conftest import Run
from tests.messaging.leaky import Cluster, Connections, Fault
from tests.messaging.support import ON_BOTH_DATABASES, TEST_KEYS, Service
from tests.support.parts import leak
from tests.support.waiting import eventually

SETTINGS = KafkaSettings("nowhere:1")


@pytest.fixture
def cluster(service: Service, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    """The cluster that `KafkaSource` meets in place of Kafka."""

    async def topics_are_there(*_: object) -> None: ...

    made = Cluster(service.topic)
    monkeypatch.setattr(kafka_source, "AIOKafkaConsumer", made.client)
    monkeypatch.setattr(kafka_source, "ensure_topics", topics_are_there)
    monkeypatch.setattr(kafka, "_STOP_SECONDS", 0.05)
    return made


def _consumer(service: Service, **options: Any) -> Consumer:
    source = KafkaSource.maker(SETTINGS, service.topic, [service.topic])
    return Consumer(service.db, source, service.topic, service.handlers, keys=TEST_KEYS, **options)


@pytest.fixture
def consumer(service: Service) -> Consumer:
    return _consumer(service)


@pytest.mark.parametrize("stop", ["leaks", "fails", "hangs"])
@pytest.mark.parametrize(
    ("call", "fault", "times"),
    [
        ("getmany", "leaks", 1),  # a fetch in flight
        ("getmany", "fails", 1),  # a fetch that failed: the client is in its back-off
        ("start", "leaks", 1),  # joining
        ("start", "fails", 1),
        ("end_offsets", "leaks", 100),  # the watchdog asks, and gives the client up
        ("end_offsets", "fails", 100),
    ],
)
async def test_client_that_fails_and_cannot_be_stopped_is_followed_by_a_fresh_one(
    service: Service, cluster: Cluster, run: Run, call: str, fault: Fault, times: int, stop: Fault
) -> None:
    """[faults 36] The consumer continues, in any state of the client and with any end of its `stop`."""
    consumer = _consumer(service, watchdog=Watchdog(service.topic, patience=0.05, interval=0.01))
    cluster.plan = {call: [fault] * times, "stop": [stop]}
    key = new_id()
    cluster.put(service.message(key, 0))
    async with run(consumer.run()):
        await eventually(lambda: len(cluster.clients) > 1)
        cluster.plan.clear()
        cluster.put(service.message(key, 1))
        await eventually(lambda: service.all_effects_are_there(2))
        await eventually(lambda: consumer.ready and cluster.committed == 2)
        assert cluster.clients[0].closed, "nothing of the first one is left"
    assert await service.effects() == [(key, 0), (key, 1)]
    assert all(client.closed for client in cluster.clients)


@pytest.mark.parametrize("fault", ["leaks", "fails"])
async def test_commit_that_goes_wrong_ends_no_loop(
    service: Service, cluster: Cluster, consumer: Consumer, run: Run, fault: Fault
) -> None:
    """[faults 36] The next commit covers it."""
    cluster.plan = {"commit": [fault]}
    cluster.put(service.message(new_id(), 0))
    async with run(consumer.run()):
        await eventually(lambda: cluster.calls["commit"] == 1)
        cluster.put(service.message(new_id(), 1))
        await eventually(lambda: cluster.committed == 2 and consumer.ready)
    assert len(cluster.clients) == 1


@pytest.mark.parametrize("fault", ["leaks", "fails"])
async def test_commit_that_goes_wrong_while_partitions_are_taken_away_does_not_end_the_clients_own_task(
    service: Service, cluster: Cluster, consumer: Consumer, run: Run, fault: Fault
) -> None:
    """[faults 36] The callback runs in the client's coordination task, which an error would end."""
    async with run(consumer.run()):
        await eventually(lambda: consumer.ready)
        cluster.put(service.message(new_id(), 0))
        await eventually(lambda: cluster.committed == 1)
        cluster.plan = {"commit": [fault] * 2}
        cluster.put(service.message(new_id(), 1))
        await eventually(lambda: service.all_effects_are_there(2))
        await cluster.clients[0].listener.on_partitions_revoked([cluster.place])
        await cluster.clients[0].listener.on_partitions_assigned([cluster.place])
        cluster.plan.clear()
        cluster.put(service.message(new_id(), 2))
        await eventually(lambda: cluster.committed == 3 and consumer.ready)


@pytest.mark.parametrize("stop", ["leaks", "fails", "hangs"])
async def test_consumer_that_is_cancelled_stops_its_client_for_certain(
    service: Service, cluster: Cluster, consumer: Consumer, stop: Fault
) -> None:
    """[faults 36] Leaving: cancelled once and once more, it ends as cancelled, and nothing of the client is left."""
    cluster.plan = {"stop": [stop]}
    task = asyncio.create_task(consumer.run())  # ended: below, twice
    await eventually(lambda: consumer.ready)
    task.cancel()
    await eventually(lambda: cluster.calls["stop"] == 1)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert cluster.clients[0].closed
    assert not consumer.ready


@ON_BOTH_DATABASES
@pytest.mark.parametrize("name", ["commits", "watchdog", "letters", "/0"])
async def test_lane_or_loop_that_is_cancelled_from_inside_ends_the_membership(
    service: Service, cluster: Cluster, consumer: Consumer, run: Run, name: str
) -> None:
    """[faults 36] A task group passes over a child that was cancelled: the others would go on without it."""
    async with run(consumer.run()):
        await eventually(lambda: consumer.ready)
        called = re.compile(f"{service.topic} .*{name}")
        [task] = [task for task in asyncio.all_tasks() if called.fullmatch(task.get_name())]
        task.cancel()
        await asyncio.wait([task])
        assert not consumer.ready, "readiness asks the tasks"
        await eventually(lambda: consumer.ready and len(cluster.clients) == 2)
        cluster.put(service.message(new_id(), 0))
        await eventually(lambda: cluster.committed == 1)


class Producing:
    """In place of `AIOKafkaProducer`: a batch whose answer is cancelled instead of given."""

    def __init__(self, faults: list[str]) -> None:
        self._faults = faults
        self.client = Connections()
        self.sent: list[Any] = []

    async def start(self) -> None:
        if "start" in self._faults:
            await leak()

    async def stop(self) -> None:
        if "stop" in self._faults:
            await leak()
        await self.client.close()

    async def partitions_for(self, _: str) -> set[int]:
        return {0}

    def create_batch(self) -> "Producing":
        return self

    def append(self, **message: Any) -> object:
        self.sent.append(message)
        return object()

    async def send_batch(self, *_: Any, **__: Any) -> "asyncio.Future[None]":
        answer = asyncio.get_running_loop().create_future()
        if "answer" in self._faults:
            answer.cancel()
        else:
            answer.set_result(None)
        return answer


@pytest.mark.parametrize("faults", [["start"], ["answer"], ["answer", "stop"], ["start", "stop"]], ids="-".join)
async def test_messages_whose_answer_was_cancelled_are_not_taken_for_sent(
    monkeypatch: pytest.MonkeyPatch, faults: list[str]
) -> None:
    """[faults 36] The relay would delete their rows: the events would be lost."""

    async def topics_are_there(*_: object) -> None: ...

    made: list[Producing] = []

    def client(**_: Any) -> Producing:
        made.append(Producing(faults if not made else []))
        return made[-1]

    monkeypatch.setattr(kafka_producer, "AIOKafkaProducer", client)
    monkeypatch.setattr(kafka_producer, "ensure_topics", topics_are_there)
    producer = KafkaProducer(SETTINGS)
    message = Message("t", "k", b"v")
    with pytest.raises(BrokerError):
        await producer.send([message])
    assert made[0].client.closed
    await producer.send([message])
    assert len(made) == 2
    await producer.stop()


class LeakingProducer(MemoryProducer):
    """Lets a cancellation out of its first `send`."""

    def __init__(self, broker: MemoryBroker) -> None:
        super().__init__(broker)
        self.leaked = False

    async def send(self, messages: Sequence[Message]) -> None:
        if not self.leaked:
            self.leaked = True
            await leak()
        await super().send(messages)


async def test_relay_outlives_a_cancellation_that_leaks_out_of_its_producer(
    service: Service, memory: MemoryBroker, run: Run
) -> None:
    """[faults 36] The rows are still there, and the next round sends them."""
    relay = Relay(service.db, LeakingProducer(memory))
    async with run(relay.run()):
        await service.submit(new_id(), 1)

        async def sent() -> bool:
            return await service.count("outbox") == 0

        await eventually(sent)
        assert relay.state.ready
    assert sum(len(log) for log in memory._logs.values()) == 1


async def test_handler_that_lets_a_cancellation_out_is_tried_again_and_then_parked(
    service: Service, memory: MemoryBroker, run: Run
) -> None:
    """[faults 36] It holds up no other event, and ends no lane."""
    from tests.messaging.test_consumer import consumer as consumer_of

    bad, good = new_id(), new_id()
    tries = 0

    async def handle(session: Any, envelope: Any, event: Any) -> None:
        nonlocal tries
        if event.aggregate == bad:
            tries += 1
            await leak()
        await service.handle(session, envelope, event)

    await MemoryProducer(memory).send([service.message(bad, 0), service.message(good, 0)])
    part = consumer_of(service, memory, {service.event: handle})
    async with run(part.run()):
        await eventually(lambda: service.all_effects_are_there(1))

        async def parked() -> bool:
            return [letter.key for letter in await service.letters()] == [str(bad)]

        await eventually(parked)
        assert part.ready
    assert tries > 1
    assert await service.effects() == [(good, 0)]
