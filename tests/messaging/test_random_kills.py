"""The broker killed at moments that nobody chose: fetching, committing, in back-off, joining, leaving."""

import asyncio
import os
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest

from shared.ids import new_id
from shared.messaging import Consumer, KafkaProducer, KafkaSettings, KafkaSource, Relay
from tests.messaging.conftest import Run
from tests.messaging.support import TEST_KEYS, Service, by_key
from tests.support.waiting import eventually

pytestmark = [pytest.mark.kafka, pytest.mark.faults]
ROUNDS = 2


class Writer:
    """Submits event after event, so that there is always something under way."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._writing = False
        self.keys = [new_id() for _ in range(3)]
        self.submitted: dict[UUID, int] = dict.fromkeys(self.keys, 0)

    @property
    def total(self) -> int:
        return sum(self.submitted.values())

    async def _write(self) -> None:
        while self._writing:
            for key in self.keys:
                await self._service.submit(key, self.submitted[key])
                self.submitted[key] += 1
            await asyncio.sleep(0.02)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        self._writing = True
        async with asyncio.TaskGroup() as group:
            group.create_task(self._write())
            try:
                yield
            finally:
                # Not cancelled: whether a submission that is cut off was committed, nobody knows.
                self._writing = False


async def _kill_at_random(broker: Any, chance: random.Random) -> None:
    """Kill it while all works; start it again while clients are in back-off, or while the watchdog has them leave; and
    half of the time kill it once more while they join again."""
    await asyncio.sleep(chance.uniform(0, 1.5))
    await asyncio.to_thread(broker.kill)
    await asyncio.sleep(chance.choice([0.0, chance.uniform(0, 3), chance.uniform(8, 22)]))
    await asyncio.to_thread(broker.start)
    if chance.random() < 0.5:
        await asyncio.sleep(chance.uniform(0, 6))
        await asyncio.to_thread(broker.kill)
        await asyncio.to_thread(broker.start)


async def test_broker_killed_at_random_moments_is_found_again_within_a_minute(
    service: Service, kafka: KafkaSettings, broker: Any, run: Run
) -> None:
    """[faults 36] Wherever the clients are when it dies, they work again, nothing is lost and nothing is done twice."""
    seed = int(os.environ.get("ZAIRYU_TEST_SEED", random.SystemRandom().randrange(2**32)))
    chance = random.Random(seed)
    relay = Relay(service.db, KafkaProducer(kafka))
    source = KafkaSource.maker(kafka, service.topic, [service.topic])
    consumer = Consumer(service.db, source, service.topic, service.handlers, keys=TEST_KEYS)
    writer = Writer(service)

    async def recovered() -> bool:
        return await service.all_effects_are_there(writer.total) and consumer.ready and relay.state.ready

    try:
        async with run(relay.run()), run(consumer.run()):
            async with writer.writing():
                await eventually(lambda: service.all_effects_are_there(30), 60)
            for _ in range(ROUNDS):
                async with writer.writing():
                    await _kill_at_random(broker, chance)
                await eventually(recovered, 60)
    except BaseException as error:
        error.add_note(f"repeat it with ZAIRYU_TEST_SEED={seed}")
        raise
    assert by_key(await service.effects()) == {key: list(range(writer.submitted[key])) for key in sorted(writer.keys)}
