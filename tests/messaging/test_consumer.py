"""The consumer: exactly once in effect, in order per key, and its treatment of events that fail."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import baseline
from shared.events.base import Event
from shared.ids import new_id
from shared.messaging import (
    BatchHandler,
    Consumer,
    DeadLetterLimit,
    DeadLetters,
    Delivery,
    Envelope,
    Handlers,
    MemoryBroker,
    MemoryProducer,
    MemorySource,
    Message,
    NotYet,
    Partition,
    Retry,
    Watchdog,
    deadletters,
)
from shared.messaging.ports import Progress
from tests.messaging.conftest import Run
from tests.messaging.support import ON_BOTH_DATABASES, TEST_KEYS, Service, by_key
from tests.support.waiting import eventually

GROUP = "tests"
LETTERS_BY_TOPIC = Path(deadletters.__file__).with_name("v6.sql")


def consumer(service: Service, broker: MemoryBroker, handlers: Any = None, **options: Any) -> Consumer:
    source = MemorySource.maker(broker, GROUP, [service.topic])
    return Consumer(service.db, source, GROUP, handlers or service.handlers, keys=TEST_KEYS, **options)


class Poison:
    """A handler that fails for some aggregates, until it is fixed."""

    def __init__(self, service: Service, error: Exception, *keys: UUID) -> None:
        self._service = service
        self.error: Exception | None = error
        self.keys = keys
        self.calls = 0

    async def handle(self, session: AsyncSession, envelope: Envelope, event: Event) -> None:
        await self._service.handle(session, envelope, event)
        if self.error and (not self.keys or event.key in self.keys):
            self.calls += 1
            raise self.error

    @property
    def handlers(self) -> Any:
        return {self._service.event: self.handle}


@ON_BOTH_DATABASES
async def test_second_delivery_has_no_second_effect(service: Service, memory: MemoryBroker, run: Run) -> None:
    """Double mail: bcgov/entity#11777, alphagov/notifications-api#802."""
    messages = [service.message(new_id(), number) for number in range(50)]
    producer = MemoryProducer(memory)
    await producer.send([*messages, *messages[:25]])  # twice in one batch
    async with run(consumer(service, memory).run()):
        await eventually(lambda: service.all_effects_are_there(50))
        await producer.send(messages)  # and again later
        await eventually(lambda: sum(memory.committed(GROUP).values()) == 125)
    assert await service.count("effects") == 50


@ON_BOTH_DATABASES
async def test_crash_between_effect_and_offset_has_no_second_effect(
    service: Service, memory: MemoryBroker, run: Run
) -> None:
    messages = [service.message(new_id(), number) for number in range(20)]
    await MemoryProducer(memory).send(messages)
    async with run(consumer(service, memory).run()):
        await eventually(lambda: sum(memory.committed(GROUP).values()) == 20)
    memory._groups[GROUP].committed.clear()  # as if it had died before it could commit
    async with run(consumer(service, memory).run()):
        await eventually(lambda: sum(memory.committed(GROUP).values()) == 20)
    assert await service.count("effects") == 20


@ON_BOTH_DATABASES
async def test_poison_event_holds_back_its_own_key_only(service: Service, memory: MemoryBroker, run: Run) -> None:
    """Endless retry without cap: polarsource/polar#14332, #12847; bcgov/entity#1615."""
    sick, *healthy = keys = [new_id() for _ in range(6)]
    poison = Poison(service, ValueError("Taro Yamada, AB1234567"), sick)
    await MemoryProducer(memory).send([service.message(key, n) for n in range(10) for key in keys])
    async with run(consumer(service, memory, poison.handlers).run()):
        await eventually(lambda: sum(memory.committed(GROUP).values()) == 60)
        assert by_key(await service.effects()) == {key: list(range(10)) for key in healthy}
        letters = await service.letters()
        assert [letter.status for letter in letters] == ["parked"] + ["waiting"] * 9
        assert {letter.waiting_for for letter in letters[1:]} == {letters[0].id}
        # Waiting is no failure, and a bug is not tried again and again.
        assert poison.calls == 2  # in its batch, and alone
        await MemoryProducer(memory).send([service.message(sick, 10)])
        await eventually(lambda: sum(memory.committed(GROUP).values()) == 61)
        assert await service.count("dead_letters WHERE status = 'waiting'") == 10

    letter = letters[0]
    assert (letter.topic, letter.key, letter.event_type) == (service.topic, str(sick), "zairyu.Submitted.v1")
    assert letter.error_type == "ValueError"
    assert "in handle" in letter.error
    assert "Yamada" not in letter.error
    assert "AB1234567" not in letter.error


@ON_BOTH_DATABASES
async def test_parked_event_is_copied_to_the_dead_letter_topic_untouched(
    service: Service, memory: MemoryBroker, run: Run
) -> None:
    poison = Poison(service, ValueError("no"))
    sent = service.message(new_id(), 1)
    await MemoryProducer(memory).send([sent])
    async with run(consumer(service, memory, poison.handlers).run()):
        await eventually(lambda: service.count("dead_letters"))
    [row] = await service.rows("SELECT aggregatetype, aggregateid, payload, headers FROM outbox")
    headers = dict(map(tuple, row.headers))
    assert (row.aggregatetype, row.aggregateid, row.payload) == (deadletters.topic_of(GROUP), sent.key, sent.value)
    assert {name: value.decode() for name, value in sent.headers}.items() <= headers.items()
    added = {name: value for name, value in headers.items() if name.startswith("x-")}
    assert added.pop("x-first-failed-at")
    assert added.pop("x-error").startswith("tests/messaging/test_consumer.py:")
    assert int(added.pop("x-original-partition")) in range(3)
    assert added == {
        "x-original-topic": service.topic,
        "x-original-offset": "0",
        "x-consumer": GROUP,
        "x-attempts": "1",
        "x-error-type": "ValueError",
    }


@ON_BOTH_DATABASES
@pytest.mark.parametrize("limit", [DeadLetterLimit(consecutive=4), DeadLetterLimit(100, share=0.04, window=100)])
async def test_handler_that_always_fails_stops_the_consumer_at_the_limit(
    service: Service, memory: MemoryBroker, run: Run, limit: DeadLetterLimit
) -> None:
    """Everything to the dead letters after a bad deployment: getsentry/arroyo DlqLimit."""
    poison = Poison(service, ValueError("bad deployment"))
    producer = MemoryProducer(memory)
    await producer.send([service.message(new_id(), n) for n in range(100)])
    broken = consumer(service, memory, poison.handlers, limit=limit)
    async with run(broken.run()):
        await eventually(lambda: broken.state.phase == "stopped")
        assert not broken.state.ready
        assert "failed" in (broken.state.reason or "")
        assert REGISTRY.get_sample_value("zairyu_consumer_stopped", {"group": GROUP}) == 1
        await producer.send([service.message(new_id(), n) for n in range(100, 120)])
        # Partitions work side by side: one that was about to set its event aside is stopped as well.
        parked = await service.count("dead_letters")
        assert 0 < parked <= 4
    # What it had not settled is still to be consumed: after the fixed deployment all of it takes effect.
    assert sum(memory.committed(GROUP).values()) <= 4
    async with run(consumer(service, memory).run()):
        await eventually(lambda: sum(memory.committed(GROUP).values()) == 120)
        assert (
            await DeadLetters(service.db, GROUP, service.handlers, keys=TEST_KEYS).replay(by="operator")
        ).resolved == parked
    assert await service.count("effects") == 120


@ON_BOTH_DATABASES
async def test_transient_error_is_tried_again_without_counting_while_other_partitions_go_on(
    service: Service, memory: MemoryBroker, run: Run
) -> None:
    keys = [new_id() for _ in range(12)]
    slow = keys[0]
    poison = Poison(service, Retry("not now"), slow)
    await MemoryProducer(memory).send([service.message(key, n) for n in range(5) for key in keys])
    [place] = {m.place for m in memory.log(service.topic) if m.key == str(slow)}
    elsewhere = [m for m in memory.log(service.topic) if m.place != place]
    assert elsewhere
    async with run(consumer(service, memory, poison.handlers, limit=DeadLetterLimit(consecutive=1)).run()):
        await eventually(lambda: service.all_effects_are_there(len(elsewhere)))
        await eventually(lambda: poison.calls > 3)
        assert await service.count("dead_letters") == 0
        poison.error = None
        await eventually(lambda: service.all_effects_are_there(60))
    assert all(numbers == list(range(5)) for numbers in by_key(await service.effects()).values())


@ON_BOTH_DATABASES
async def test_event_that_overtook_what_it_speaks_of_is_resolved_late(
    service: Service, memory: MemoryBroker, run: Run
) -> None:
    """Receipt before our own row (GOV.UK Notify), message overtakes the row it speaks about (bcgov/entity#1560)."""
    early, other = new_id(), new_id()
    poison = Poison(service, NotYet("no such row"), early)
    await MemoryProducer(memory).send([service.message(key, n) for n in range(3) for key in (early, other)])
    async with run(consumer(service, memory, poison.handlers, limit=DeadLetterLimit(consecutive=1)).run()):
        await eventually(lambda: sum(memory.committed(GROUP).values()) == 6)
        assert by_key(await service.effects()) == {other: [0, 1, 2]}
        assert [letter.status for letter in await service.letters()] == ["deferred", "waiting", "waiting"]
        poison.error = None
        await eventually(lambda: service.all_effects_are_there(6))
        assert by_key(await service.effects())[early] == [0, 1, 2]
        assert await service.count("dead_letters") == 0
        assert await service.count("outbox") == 0


async def test_event_that_overtook_one_of_another_topic_does_not_hold_it(
    service: Service, memory: MemoryBroker, run: Run
) -> None:
    """Topics have no order among them: ReviewStarted came before ApplicationSubmitted, and both stood still."""
    key = new_id()
    later = Service(service.db, f"{service.topic}.later", name="Started")

    async def started(session: AsyncSession, envelope: Envelope, event: Event) -> None:
        known = await session.scalar(text("SELECT count(*) FROM effects WHERE aggregate = :key"), {"key": event.key})
        if not known:
            raise NotYet("what it is about is unknown")
        await service.handle(session, envelope, event)

    handlers: Handlers = {service.event: service.handle, later.event: started}
    source = MemorySource.maker(memory, GROUP, [service.topic, later.topic])
    producer = MemoryProducer(memory)
    await producer.send([later.message(key, number) for number in (10, 11)])
    both = Consumer(service.db, source, GROUP, handlers, keys=TEST_KEYS)
    async with run(both.run()):
        await eventually(lambda: sum(memory.committed(GROUP).values()) == 2)
        assert [letter.status for letter in await service.letters()] == ["deferred", "waiting"]
        await producer.send([service.message(key, number) for number in (1, 2)])
        await eventually(lambda: service.all_effects_are_there(4))
    assert by_key(await service.effects()) == {key: [1, 2, 10, 11]}
    assert await service.count("dead_letters") == 0


async def test_letters_that_waited_for_another_topic_go_on_after_the_migration(
    service: Service, memory: MemoryBroker, run: Run
) -> None:
    key = new_id()
    poison = Poison(service, NotYet("no such row"))
    await MemoryProducer(memory).send([service.message(key, number) for number in range(3)])
    async with run(consumer(service, memory, poison.handlers).run()):
        await eventually(lambda: sum(memory.committed(GROUP).values()) == 3)
    elsewhere = "UPDATE dead_letters SET topic = 'elsewhere' WHERE status = 'deferred'"
    async with service.db.transaction() as session:
        for statement in (elsewhere, *baseline.statements(LETTERS_BY_TOPIC, "")):
            await session.execute(text(statement))
    async with run(consumer(service, memory).run()):
        await eventually(lambda: service.all_effects_are_there(2))
    assert by_key(await service.effects()) == {key: [1, 2]}
    assert [letter.topic for letter in await service.letters()] == ["elsewhere"]


@ON_BOTH_DATABASES
async def test_event_whose_subject_never_comes_is_parked_after_the_bounded_time(
    service: Service, memory: MemoryBroker, run: Run
) -> None:
    poison = Poison(service, NotYet("no such row"))
    await MemoryProducer(memory).send([service.message(new_id(), 1)])
    async with run(consumer(service, memory, poison.handlers, not_yet_for=timedelta(0)).run()):
        await eventually(lambda: service.count("dead_letters WHERE status = 'parked'"))
    assert await service.count("outbox") == 1  # the copy


@ON_BOTH_DATABASES
async def test_events_without_handler_are_passed_over(service: Service, memory: MemoryBroker, run: Run) -> None:
    other = Message(service.topic, "k", b"{}", (("ce_type", b"zairyu.SomethingElse.v1"),))
    await MemoryProducer(memory).send([other] * 5)
    async with run(consumer(service, memory).run()):
        await eventually(lambda: sum(memory.committed(GROUP).values()) == 5)
    assert await service.count("dead_letters") == 0


@ON_BOTH_DATABASES
@pytest.mark.parametrize(
    ("damage", "error"),
    [
        (lambda m: Message(m.topic, m.key, m.value, tuple(h for h in m.headers if h[0] != "ce_id")), "ce_id: missing"),
        (lambda m: Message(m.topic, m.key, b"\xff{", m.headers), "body does not fit Submitted (: json_invalid)"),
        (lambda m: Message(m.topic, m.key, b'{"aggregate": "Taro"}', m.headers), "number: missing"),
        (
            lambda m: Message(m.topic, m.key, m.value, (*m.headers[:2], ("ce_id", b"Taro"), *m.headers[3:])),
            "ce_id: malf",
        ),
    ],
)
async def test_undecodable_message_is_parked_and_says_where_not_what(
    service: Service, memory: MemoryBroker, run: Run, damage: Any, error: str
) -> None:
    key = new_id()
    damaged = TEST_KEYS.sign(damage(service.message(key, 1)))
    await MemoryProducer(memory).send([damaged, service.message(key, 2), service.message(new_id(), 3)])
    async with run(consumer(service, memory).run()):
        await eventually(lambda: sum(memory.committed(GROUP).values()) == 3)
    first, second = await service.letters()
    assert (first.status, first.error_type, first.value) == ("parked", "Undecodable", damaged.value)
    assert error in first.error
    assert "Taro" not in first.error
    assert second.status == "waiting"
    assert [number for _, number in await service.effects()] == [3]


async def test_two_transactions_that_meet_on_one_aggregate_are_no_failure(
    service: Service, database: Any, memory: MemoryBroker, run: Run
) -> None:
    """A unique key taken by somebody who was quicker: started again, the handler sees it."""
    attempts = 0

    async def meets_another(session: AsyncSession, envelope: Envelope, event: Event) -> None:
        nonlocal attempts
        attempts += 1
        if attempts < 3:
            statement = text("INSERT INTO submissions VALUES (:id, :id, 1), (:id, :id, 1)")
            await session.execute(statement, {"id": new_id()})
        await service.handle(session, envelope, event)

    await MemoryProducer(memory).send([service.message(new_id(), 1)])
    async with run(consumer(service, memory, {service.event: meets_another}).run()):
        await eventually(lambda: service.all_effects_are_there(1))
    assert await service.count("dead_letters") == 0


@ON_BOTH_DATABASES
async def test_batch_handler_takes_runs_of_events_and_single_ones_after_a_failure(
    service: Service, memory: MemoryBroker, run: Run
) -> None:
    sick = new_id()
    sizes: list[int] = []

    async def take(session: AsyncSession, deliveries: Sequence[Delivery]) -> None:
        sizes.append(len(deliveries))
        if any(event.key == sick for _, event in deliveries):
            raise ValueError("bad")
        for envelope, event in deliveries:
            await service.handle(session, envelope, event)

    memory.partitions = 1
    producer = MemoryProducer(memory)
    await producer.send([service.message(new_id(), n) for n in range(10)])
    async with run(consumer(service, memory, {service.event: BatchHandler(take)}).run()):
        await eventually(lambda: service.all_effects_are_there(10))
        assert sizes == [10]
        await producer.send([service.message(key, 0) for key in (new_id(), sick, new_id())])
        await eventually(lambda: service.all_effects_are_there(12))
    assert sizes == [10, 3, 1, 1, 1]
    assert await service.count("dead_letters") == 1


async def test_order_per_key_is_kept_under_rebalances(service: Service, memory: MemoryBroker, run: Run) -> None:
    keys = [new_id() for _ in range(8)]
    producer = MemoryProducer(memory)
    async with run(consumer(service, memory, batch_size=5).run()):
        for round_ in range(20):
            await producer.send([service.message(key, round_ * 5 + n) for n in range(5) for key in keys])
            if round_ % 4 == 0:
                async with run(consumer(service, memory, batch_size=5).run()):
                    await memory.rebalance(GROUP)
        await eventually(lambda: service.all_effects_are_there(800))
    assert by_key(await service.effects()) == {key: list(range(100)) for key in sorted(keys)}


@ON_BOTH_DATABASES
async def test_consumer_started_before_the_broker_waits_for_it(
    service: Service, memory: MemoryBroker, run: Run
) -> None:
    await MemoryProducer(memory).send([service.message(new_id(), 1)])
    memory.down = True
    part = consumer(service, memory)
    async with run(part.run()):
        await eventually(lambda: part.state.phase == "failing")
        memory.down = False
        await eventually(lambda: service.all_effects_are_there(1))
        assert part.state.ready


@ON_BOTH_DATABASES
async def test_consumer_that_gets_nothing_while_messages_wait_takes_a_fresh_client(
    service: Service, memory: MemoryBroker, run: Run
) -> None:
    """Consumer frozen after a broker restart: aio-libs/aiokafka#1154."""
    made: list[MemorySource] = []

    def first_one_is_deaf(assignment: Any) -> MemorySource:
        source = MemorySource(memory, GROUP, [service.topic], assignment)
        source.deaf = not made
        made.append(source)
        return source

    watchdog = Watchdog(GROUP, patience=0.2, interval=0.05)
    part = Consumer(service.db, first_one_is_deaf, GROUP, service.handlers, keys=TEST_KEYS, watchdog=watchdog)
    async with run(part.run()):
        await eventually(lambda: part.state.partitions == 3)
        await MemoryProducer(memory).send([service.message(new_id(), 1)])
        await eventually(lambda: service.all_effects_are_there(1))
    assert len(made) >= 2


@ON_BOTH_DATABASES
async def test_consumer_that_waits_for_the_database_is_not_taken_for_stuck(
    service: Service, memory: MemoryBroker, run: Run
) -> None:
    poison = Poison(service, Retry("database away"))
    watchdog = Watchdog(GROUP, patience=0.1, interval=0.02)
    part = consumer(service, memory, poison.handlers, watchdog=watchdog)
    async with run(part.run()):
        await MemoryProducer(memory).send([service.message(new_id(), 1)])
        await eventually(lambda: poison.calls > 6)
        assert part.state.phase == "running"
        poison.error = None
        await eventually(lambda: service.all_effects_are_there(1))


async def test_consumer_that_is_long_at_a_batch_is_not_taken_for_stuck(
    service: Service, memory: MemoryBroker, run: Run
) -> None:
    """A batch that takes longer than the watchdog's patience would be begun again and again, and never end."""
    looks, looked, handled = 0, asyncio.Condition(), 0
    made: list[MemorySource] = []

    class Looked(MemorySource):
        async def progress(self) -> Mapping[Partition, Progress]:
            nonlocal looks
            async with looked:
                looks += 1
                looked.notify_all()
            return await super().progress()

    def maker(assignment: Any) -> MemorySource:
        made.append(Looked(memory, GROUP, [service.topic], assignment))
        return made[-1]

    async def slow(session: AsyncSession, envelope: Envelope, event: Event) -> None:
        nonlocal handled
        began = looks
        async with looked:
            await looked.wait_for(lambda: looks > began)
        handled += 1

    key = new_id()
    await MemoryProducer(memory).send([service.message(key, number) for number in range(60)])
    watchdog = Watchdog(GROUP, patience=0.6, interval=0.02)
    part = Consumer(service.db, maker, GROUP, {service.event: slow}, keys=TEST_KEYS, watchdog=watchdog)
    async with run(part.run()):
        await eventually(lambda: sum(memory.committed(GROUP).values()) == 60, 30)
    assert (handled, len(made)) == (60, 1)


async def test_service_that_stops_leaves_nothing_half_done(service: Service, memory: MemoryBroker, run: Run) -> None:
    started = asyncio.Event()

    async def hangs(session: AsyncSession, envelope: Envelope, event: Event) -> None:
        await service.handle(session, envelope, event)
        started.set()
        await asyncio.Event().wait()

    await MemoryProducer(memory).send([service.message(new_id(), 1)])
    async with run(consumer(service, memory, {service.event: hangs}).run()):
        await asyncio.wait_for(started.wait(), 20)
    assert await service.count("effects") == 0
    assert await service.count("inbox") == 0
    assert not sum(memory.committed(GROUP).values())
    assert service.db.pool().in_use == 0
