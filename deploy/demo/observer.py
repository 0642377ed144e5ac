"""An onlooker at the broker: sees every domain event pass, changes nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from aiokafka import AIOKafkaConsumer

from deploy.demo.waiting import PATIENCE, until
from shared.events import TOPICS
from shared.messaging.kafka import stop_client


class Observer:
    """The names of the events seen so far, in the order in which they came."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._taken = 0

    async def expect(self, *names: str, seconds: float = PATIENCE) -> None:
        """Wait until each of `names` has passed since the last call."""

        async def look() -> bool | None:
            return True if set(names) <= set(self.seen[self._taken :]) else None

        await until(f"the event {' and '.join(names)}", look, seconds)
        self._taken = max(self._taken + 1, max(_last(self.seen, name) for name in names) + 1)

    def add(self, event_type: str) -> None:
        """Note an event by its CloudEvents type."""
        self.seen.append(event_type.split(".")[1])


def _last(seen: list[str], name: str) -> int:
    return len(seen) - 1 - seen[::-1].index(name)


@asynccontextmanager
async def observing(bootstrap: str) -> AsyncIterator[Observer]:
    """An observer of all topics, from this moment on."""
    # Without a group every partition is ours: a group would move offsets and cost seconds to form.
    consumer = AIOKafkaConsumer(*TOPICS, bootstrap_servers=bootstrap, group_id=None, auto_offset_reset="latest")
    await consumer.start()
    observer = Observer()
    task = None
    try:
        await consumer.seek_to_end()
        for partition in consumer.assignment():
            await consumer.position(partition)
        task = asyncio.create_task(_watch(consumer, observer))  # watched: `expect` names the events that did not come
        yield observer
    finally:
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):  # swallowed: it is the one that was asked for above
                await task
        await stop_client(consumer)


async def _watch(consumer: AIOKafkaConsumer, observer: Observer) -> None:
    async for message in consumer:
        kind = dict(message.headers).get("ce_type")
        if kind:
            observer.add(kind.decode())
