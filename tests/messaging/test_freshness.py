"""The time by which a group's copies of an owner's facts are behind what the owner has sent."""

from prometheus_client import REGISTRY
from sqlalchemy import select

from shared.ids import new_id
from shared.messaging import DeadLetters, MemoryBroker, MemoryProducer, Watchdog
from shared.messaging.metrics import BEHIND
from shared.messaging.tables import dead_letters
from tests.messaging.conftest import Run
from tests.messaging.support import ON_BOTH_DATABASES, TEST_KEYS, Service
from tests.messaging.test_consumer import GROUP, Poison, consumer
from tests.support.waiting import eventually


def _behind() -> float | None:
    return REGISTRY.get_sample_value("zairyu_projection_behind_seconds", {"group": GROUP, "owner": "test"})


def _parked() -> float | None:
    return REGISTRY.get_sample_value("zairyu_dead_letters", {"group": GROUP, "status": "parked"})


@ON_BOTH_DATABASES
async def test_a_copy_is_behind_while_an_event_of_its_owner_is_set_aside(
    service: Service, memory: MemoryBroker, run: Run
) -> None:
    """Also where every message was taken: a dead letter is an event that the copy lacks."""
    BEHIND.labels(GROUP, "test").set(0)
    poison = Poison(service, ValueError("bug"))
    await MemoryProducer(memory).send([service.message(new_id(), 0)])
    async with run(consumer(service, memory, poison.handlers, watchdog=Watchdog(GROUP, interval=0.05)).run()):
        await eventually(lambda: sum(memory.committed(GROUP).values()) == 1 and (_behind() or 0) > 0)
        letters = DeadLetters(service.db, GROUP, poison.handlers, keys=TEST_KEYS)
        async with service.db.read() as session:
            letter_id = await session.scalar(select(dead_letters.c.id))
        await eventually(lambda: _parked() == 1)
        await letters.drop(letter_id, by="operator", reason="entered twice")
        await eventually(lambda: (_parked(), _behind()) == (0, 0))
