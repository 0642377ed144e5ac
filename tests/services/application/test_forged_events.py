"""A decision that review did not make."""

import pytest
from sqlalchemy import text

from shared.events.review import ReviewCompleted, ReviewStarted
from shared.ids import new_id
from shared.messaging import (
    Consumer,
    Envelope,
    KafkaSettings,
    MemoryBroker,
    Message,
    encode,
)
from tests.messaging.support import Bus, kafka_bus, memory_bus
from tests.services.application.people import Filer
from tests.support.keys import event_keys
from tests.support.parts import running
from tests.support.waiting import eventually

GROUP = "application"


@pytest.fixture(params=["memory", pytest.param("kafka", marks=[pytest.mark.kafka, pytest.mark.server])])
def bus(request: pytest.FixtureRequest) -> Bus:
    if request.param == "memory":
        return memory_bus(MemoryBroker(partitions=3))
    broker = request.getfixturevalue("broker")
    return kafka_bus(KafkaSettings(broker.bootstrap, idempotence=broker.idempotence, partitions=3))


def _message(filer: Filer, application_id: str, kind: type[ReviewCompleted] | type[ReviewStarted]) -> Message:
    event = kind.example(application_id=application_id)
    envelope = Envelope.of(event, id=new_id(), source="/zairyu/review", time=filer.clock.now())
    return encode(event, envelope)


async def test_a_copied_decision_with_other_ids_has_no_effect(bus: Bus, filer: Filer) -> None:
    """[attacks F3] a true ReviewCompleted, copied into review.events with the ids of a case that waits: the
    application stays as it is, and a true event after it under the same key has its effect."""
    victim, decided = await filer.filed(), str(new_id())
    true = event_keys("review").sign(_message(filer, decided, ReviewCompleted))
    copied = _message(filer, victim, ReviewCompleted)
    forged = Message(copied.topic, copied.key, copied.value, (*copied.headers, true.headers[-1]))
    started = event_keys("review").sign(_message(filer, victim, ReviewStarted))
    runtime = filer.service.app.state.runtime
    group = f"{GROUP}-{new_id().hex[-8:]}"
    source = bus.maker(group, ["review.events"])
    consumer = Consumer(
        runtime.db, source, group, filer.service.app.state.handlers, keys=event_keys("application"), clock=filer.clock
    )
    producer = bus.producer()
    async with running(consumer.run()):
        await producer.send([forged, started])

        async def under_review() -> bool:
            return str((await filer.get(f"/{victim}"))["status"]) == "under_review"

        # The group reads the topic from its beginning, with everything that whole systems have sent in other tests.
        await eventually(under_review, 120)
    await producer.stop()
    async with runtime.db.read() as session:
        # The broker is shared: events of other tests, with keys of their own, are refused as well.
        asked = text("SELECT key, status, error_type FROM dead_letters WHERE key = :key")
        letters = (await session.execute(asked, {"key": victim})).all()
    assert [tuple(letter) for letter in letters] == [(victim, "refused", "forged")]
