"""A broker that lost everything: what it had is sent again from the services' records, and nothing is done twice."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text

from shared.db import Database
from shared.ids import new_id
from shared.messaging import DeadLetters, MemoryBroker, MemoryProducer, Relay, outbox, resend
from shared.messaging.__main__ import main
from tests.messaging.conftest import Run
from tests.messaging.support import TEST_KEYS, Service, by_key
from tests.messaging.test_consumer import GROUP, Poison, consumer
from tests.messaging.test_outbox_and_relay import numbers
from tests.support.waiting import eventually, reached


async def test_what_a_lost_broker_had_comes_first_and_has_its_effect_once(service: Service, run: Run) -> None:
    key, lost, empty = new_id(), MemoryBroker(partitions=3), MemoryBroker(partitions=3)
    async with run(Relay(service.db, MemoryProducer(lost)).run()):
        for number in range(2):
            await service.submit(key, number)
        async with run(consumer(service, lost).run()):
            await reached(service.effects_so_far, 2)
        for number in range(2, 4):
            await service.submit(key, number)
        await eventually(lambda: numbers(service, lost) == [0, 1, 2, 3])
    await service.submit(key, 4)

    assert await resend(service.db) == 4
    assert await resend(service.db) == 0, "it may be repeated"
    await service.submit(key, 5)
    async with run(Relay(service.db, MemoryProducer(empty)).run()), run(consumer(service, empty).run()):
        await reached(service.effects_so_far, 6)
    assert numbers(service, empty) == list(range(6))
    assert by_key(await service.effects()) == {key: list(range(6))}


async def test_letter_of_a_lost_broker_takes_no_place_from_a_message_of_the_new_one(service: Service, run: Run) -> None:
    """An empty broker counts from 0 again: the message at the place of an old letter is another one."""
    poison = Poison(service, ValueError("bug"))
    keys = [new_id(), new_id()]
    for key in keys:
        broker = MemoryBroker(partitions=1)
        await MemoryProducer(broker).send([service.message(key, 0)])
        async with run(consumer(service, broker, poison.handlers).run()):
            await eventually(partial(_all_read, broker))
    letters = await service.letters()
    assert [(each.key, each.log_offset) for each in letters] == [(str(key), 0) for key in keys]


def _all_read(broker: MemoryBroker) -> bool:
    return sum(broker.committed(GROUP).values()) == 1


async def test_operator_sends_again_what_a_stopped_service_had_sent(
    service: Service, database: Any, memory: MemoryBroker, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    async def command() -> tuple[int, str]:
        def load(_: str) -> DeadLetters:
            return DeadLetters(Database(database.url), "review", {}, keys=TEST_KEYS)

        code = await asyncio.to_thread(main, ["events", "resend", "--service", "review"], load)
        return code, capsys.readouterr().out

    relay = Relay(service.db, MemoryProducer(memory))
    async with run(relay.run()):
        await service.submit(new_id(), 1)
        await eventually(lambda: numbers(service, memory) == [1])
        code, said = await command()
        assert code == 1
        assert "stop all its processes first" in said
    assert await command() == (0, "1 events are in the outbox again, and are sent when review starts\n")


async def test_what_events_said_is_forgotten_after_two_days(service: Service, memory: MemoryBroker, run: Run) -> None:
    async with run(Relay(service.db, MemoryProducer(memory)).run()):
        for number in range(2):
            await service.submit(new_id(), number)
        await eventually(lambda: len(numbers(service, memory)) == 2)
    now = datetime.now(UTC)
    async with service.db.transaction() as session:
        await outbox.forget(session, now, timedelta(days=14))
        assert await session.scalar(text("SELECT count(*) FROM recent_events")) == 2
        await outbox.forget(session, now + outbox.RECENT + timedelta(minutes=1), timedelta(days=14))
        assert await session.scalar(text("SELECT count(*) FROM recent_events")) == 0
        assert await session.scalar(text("SELECT count(*) FROM sent_events")) == 2, "which events they were is kept"
