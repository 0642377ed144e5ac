"""The outbox and its relay: an event is sent if and only if its transaction committed, in order, whatever breaks."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import text

from shared.db import Database
from shared.ids import new_id
from shared.messaging import BrokerError, MemoryBroker, MemoryProducer, Message, Relay, decode, outbox
from shared.messaging.tables import headers_from_json, headers_to_json
from tests.messaging.conftest import Run
from tests.messaging.support import Service
from tests.support.waiting import eventually


def numbers(service: Service, broker: MemoryBroker) -> list[int]:
    return [decode(m, lambda _: service.event)[1].number for m in broker.log(service.topic)]  # type: ignore[attr-defined]


async def test_event_of_a_rolled_back_transaction_is_never_sent(
    service: Service, memory: MemoryBroker, run: Run
) -> None:
    """Message before (and without) its commit: bcgov/entity#1560."""
    key = new_id()
    with pytest.raises(ZeroDivisionError):
        async with service.db.transaction() as session:
            await outbox.put(session, [service.message(key, 1)])
            raise ZeroDivisionError
    await service.submit(key, 2)
    async with run(Relay(service.db, MemoryProducer(memory)).run()):
        await eventually(lambda: memory.log(service.topic))
    assert numbers(service, memory) == [2]


async def test_event_whose_transaction_commits_late_is_not_passed_by(
    service: Service, memory: MemoryBroker, run: Run
) -> None:
    """Row skipped by a serial cursor: event-driven-io/emmett#336, kamu-data/kamu-cli#1398."""
    early_key, late_key = new_id(), new_id()
    async with run(Relay(service.db, MemoryProducer(memory)).run()):
        async with service.db.transaction() as session:
            await outbox.put(session, [service.message(late_key, 1)])  # takes the lower position ...
            await service.submit(early_key, 2)
            await eventually(lambda: numbers(service, memory) == [2])
            # ... and commits after the higher one was sent.
        await eventually(lambda: sorted(numbers(service, memory)) == [1, 2])


async def test_broker_down_loses_and_deletes_nothing(service: Service, memory: MemoryBroker, run: Run) -> None:
    """Outbox row deleted while the broker is down: abpframework/abp#24340."""
    key = new_id()
    memory.down = True
    relay = Relay(service.db, MemoryProducer(memory))
    async with run(relay.run()):
        for number in range(50):
            await service.submit(key, number)
        await eventually(lambda: relay.state.phase == "failing" and relay.state.reason == "BrokerError")
        assert not relay.state.ready
        assert await service.count("outbox") == 50
        memory.down = False
        await eventually(lambda: numbers(service, memory) == list(range(50)))
        await eventually(lambda: relay.state.phase == "leading")
    assert await service.count("outbox") == 0


class HalfProducer:
    """Delivers half of what it is given, then fails: what a broker that dies in the middle does."""

    def __init__(self, broker: MemoryBroker, failures: int) -> None:
        self._producer = MemoryProducer(broker)
        self._failures = failures

    async def send(self, messages: Sequence[Message]) -> None:
        if self._failures:
            self._failures -= 1
            await self._producer.send(messages[: len(messages) // 2])
            raise BrokerError("died in the middle")
        await self._producer.send(messages)

    async def stop(self) -> None: ...


async def test_batch_that_failed_half_way_is_sent_again_in_the_same_order(
    service: Service, memory: MemoryBroker, run: Run
) -> None:
    """Marked as sent before it was acknowledged: Truxify#9487; what arrives twice, arrives twice in order."""
    key = new_id()
    for number in range(20):
        await service.submit(key, number)
    async with run(Relay(service.db, HalfProducer(memory, failures=3)).run()):
        await eventually(lambda: len(numbers(service, memory)) == 10 * 3 + 20)
    first_seen = list(dict.fromkeys(numbers(service, memory)))
    assert first_seen == list(range(20))


async def test_two_relays_keep_the_order_of_one_aggregate(
    service: Service, database: Any, memory: MemoryBroker, run: Run
) -> None:
    """Order broken by two relays: AlexeyRaga/kafkaflow-contrib#24, loadsmart/django-jaiminho#246."""
    key = new_id()
    other = Database(database.url, pool_size=2)
    producer = MemoryProducer(memory)
    relays = [Relay(db, producer, batch_size=7) for db in (service.db, other)]
    try:
        async with run(relays[0].run()), run(relays[1].run()):
            for number in range(0, 1000, 4):
                async with service.db.transaction() as session:
                    await outbox.put(session, [service.message(key, number + n) for n in range(4)])
            await eventually(lambda: len(numbers(service, memory)) == 1000, 60)
            assert sorted(relay.state.phase for relay in relays) == ["leading", "standby"]
    finally:
        await other.close()
    assert numbers(service, memory) == list(range(1000))


async def test_leader_notices_that_the_connection_of_its_lock_died_and_one_of_the_two_leads_again(
    service: Service, database: Any, memory: MemoryBroker, postgres: Any, run: Run
) -> None:
    """The lock goes with its connection: a leader that went on without it would be the second one."""
    key = new_id()
    other = Database(database.url, pool_size=2, name="other-relay")
    producer = MemoryProducer(memory)
    first, second = Relay(other, producer), Relay(service.db, producer)
    admin = Database(postgres.admin_url())
    try:
        async with run(first.run()):
            await eventually(lambda: first.state.phase == "leading")
            async with run(second.run()):
                await eventually(lambda: second.state.phase == "standby")
                before = first.state
                async with admin.transaction() as session:
                    await session.execute(
                        text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = :name"),
                        {"name": "other-relay"},
                    )
                await eventually(lambda: first.state != before)
                await eventually(lambda: sorted((first.state.phase, second.state.phase)) == ["leading", "standby"])
                await service.submit(key, 1)
                await eventually(lambda: numbers(service, memory) == [1])
            await eventually(lambda: first.state.phase == "leading")
    finally:
        await other.close()
        await admin.close()


async def test_commit_wakes_the_relay(service: Service, memory: MemoryBroker, run: Run) -> None:
    """Woken in-process: the relay does not depend on its poll to notice a commit, and a roll-back wakes nobody."""
    woken: list[int] = []
    with outbox.woken(service.db.engine, lambda: woken.append(1)):
        await service.submit(new_id(), 1)
        assert woken
        woken.clear()
        with pytest.raises(ZeroDivisionError):
            async with service.db.transaction() as session:
                await outbox.put(session, [service.message(new_id(), 1)])
                raise ZeroDivisionError
    await service.submit(new_id(), 2)
    assert not woken


async def test_relay_started_before_postgres_waits_for_it(
    service: Service, postgres: Any, memory: MemoryBroker, run: Run
) -> None:
    await service.submit(new_id(), 1)
    await asyncio.to_thread(postgres.stop)
    relay = Relay(service.db, MemoryProducer(memory))
    async with run(relay.run()):
        await eventually(lambda: relay.state.phase == "failing")
        await asyncio.to_thread(postgres.start)
        await eventually(lambda: numbers(service, memory) == [1])


async def test_columns_mean_what_debeziums_outbox_router_expects(service: Service) -> None:
    key, event_id = new_id(), new_id()
    async with service.db.transaction() as session:
        await outbox.put(session, [service.message(key, 1, event_id)])
    [row] = await service.rows("SELECT id, aggregatetype, aggregateid, type, payload, headers FROM outbox")
    assert (row.id, row.aggregatetype, row.aggregateid) == (event_id, service.topic, str(key))
    assert row.type == "zairyu.Submitted.v1"
    envelope, event = decode(
        Message(row.aggregatetype, row.aggregateid, row.payload, headers_from_json(row.headers)),
        lambda _: service.event,
    )
    assert (envelope.id, event.key) == (event_id, key)


def test_headers_that_are_no_text_survive_as_they_are() -> None:
    headers = (("a", "é".encode()), ("b", b"\xff\x00"), ("a", b"twice"), ("c", b"nul\x00"))
    assert headers_from_json(headers_to_json(headers)) == headers
