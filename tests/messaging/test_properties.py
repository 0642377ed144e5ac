"""One effect of each event, in order per key, under any order of failures, redeliveries, crashes and replays."""

import asyncio
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import Database
from shared.events.base import Event
from shared.ids import new_id
from shared.messaging import (
    Consumer,
    DeadLetterLimit,
    DeadLetters,
    Envelope,
    Handlers,
    MemoryBroker,
    MemoryProducer,
    MemorySource,
    Message,
    NotYet,
    Retry,
)
from tests.messaging.support import TEST_KEYS, Service, by_key
from tests.support.waiting import eventually

KEYS = 3
ERRORS: dict[str, type[Exception]] = {"bug": ValueError, "retry": Retry, "not yet": NotYet}

steps = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.integers(0, KEYS - 1)),
        st.tuples(st.just("send again"), st.integers(0, 50)),
        st.tuples(st.just("break"), st.integers(0, KEYS - 1), st.sampled_from(sorted(ERRORS))),
        st.tuples(st.just("fix"), st.integers(0, KEYS - 1)),
        st.tuples(st.just("rebalance")),
        st.tuples(st.just("join")),
        st.tuples(st.just("crash")),
        st.tuples(st.just("replay")),
        st.tuples(st.just("settle")),
    ),
    min_size=5,
    max_size=25,
)


class World:
    """One run: a broker, up to three members of a group, and a handler that fails on command."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.group = new_id().hex
        self.broker = MemoryBroker(partitions=2)
        self.keys = [new_id() for _ in range(KEYS)]
        self.broken: dict[Any, type[Exception]] = {}
        self.sent: list[Message] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def handle(self, session: AsyncSession, envelope: Envelope, event: Event) -> None:
        await self.service.handle(session, envelope, event)
        if event.key in self.broken:
            raise self.broken[event.key]("on command")

    def join(self) -> None:
        source = MemorySource.maker(self.broker, self.group, [self.service.topic])
        handlers: Handlers = {self.service.event: self.handle}
        limit = DeadLetterLimit(consecutive=1_000, share=1, window=1_000)
        consumer = Consumer(self.service.db, source, self.group, handlers, keys=TEST_KEYS, limit=limit, batch_size=4)
        self.tasks.append(asyncio.create_task(consumer.run()))  # ended: `crash` and the end of the test look

    async def crash(self) -> None:
        task = self.tasks.pop(0)
        assert not task.done()
        task.cancel()
        await asyncio.wait([task])
        # As if its last commits never reached the broker: everything is delivered once more.
        self.broker._groups[self.group].committed.clear()

    async def take(self, step: tuple[Any, ...]) -> None:
        match step:
            case ("send", key):
                number = sum(message.key == str(self.keys[key]) for message in dict.fromkeys(self.sent))
                self.sent.append(self.service.message(self.keys[key], number))
                await MemoryProducer(self.broker).send([self.sent[-1]])
            case ("send again", index) if self.sent:
                await MemoryProducer(self.broker).send([self.sent[index % len(self.sent)]])
            case ("break", key, error):
                self.broken[self.keys[key]] = ERRORS[error]
            case ("fix", key):
                self.broken.pop(self.keys[key], None)
            case ("rebalance",):
                await self.broker.rebalance(self.group)
            case ("join",) if len(self.tasks) < 3:
                self.join()
            case ("crash",) if len(self.tasks) > 1:
                await self.crash()
            case ("replay",):
                await self.replay()
            case ("settle",):
                await asyncio.sleep(0.01)

    async def replay(self) -> None:
        await DeadLetters(self.service.db, self.group, {self.service.event: self.handle}, keys=TEST_KEYS).replay(
            by="operator"
        )

    async def everything_settled(self) -> bool:
        await self.replay()
        ends = sum(1 for _ in self.broker.log(self.service.topic))
        done = sum(self.broker.committed(self.group).values()) == ends
        return done and not [x for x in await self.service.letters() if x.consumer_group == self.group]


@settings(
    max_examples=25,
    # No shrinking: an example costs a second of real PostgreSQL.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=steps)
def test_every_event_has_one_effect_in_order_of_its_key(database: Any, steps: list[tuple[Any, ...]]) -> None:
    asyncio.run(_play(database.url, steps))


async def _play(url: str, steps: list[tuple[Any, ...]]) -> None:
    service = Service(Database(url, pool_size=12), f"test.{new_id().hex[-12:]}")
    world = World(service)
    world.join()
    try:
        async with service.db.transaction() as session:
            before = await session.scalar(text("SELECT coalesce(max(position), 0) FROM effects"))
        for step in steps:
            await world.take(step)
        world.broken.clear()
        await eventually(world.everything_settled, 30)
        rows = await service.rows(f"SELECT aggregate, number FROM effects WHERE position > {before} ORDER BY position")
        assert not [task for task in world.tasks if task.done()]
    finally:
        for task in world.tasks:
            task.cancel()
        if world.tasks:
            await asyncio.wait(world.tasks)
        await service.db.close()
    expected: dict[Any, list[int]] = {}
    for message in dict.fromkeys(world.sent):
        expected.setdefault(message.key, []).append(len(expected.get(message.key, [])))
    assert {str(key): numbers for key, numbers in by_key([(r.aggregate, r.number) for r in rows]).items()} == expected
