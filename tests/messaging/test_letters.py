"""An operator's commands on dead letters: replay them with the letters behind them, or drop them with a reason."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.ids import new_id
from shared.messaging import DeadLetters, MemoryBroker, MemoryProducer, NoSuchLetter, deadletters
from shared.messaging.handlers import Dispatch
from tests.messaging.conftest import Run
from tests.messaging.support import ON_BOTH_DATABASES, TEST_KEYS, Service, by_key
from tests.messaging.test_consumer import GROUP, Poison, consumer
from tests.support.waiting import eventually


async def _parked(service: Service, memory: MemoryBroker, run: Run, poison: Poison, *messages: Any) -> DeadLetters:
    await MemoryProducer(memory).send(messages)
    async with run(consumer(service, memory, poison.handlers).run()):
        await eventually(lambda: sum(memory.committed(GROUP).values()) == len(messages))
    return DeadLetters(service.db, GROUP, poison.handlers, keys=TEST_KEYS)


@ON_BOTH_DATABASES
async def test_replay_runs_the_letter_and_what_waits_behind_it_in_order(
    service: Service, memory: MemoryBroker, run: Run
) -> None:
    """Dead letters without redrive: kafbat/kafka-ui#1920, akhq#579."""
    key = new_id()
    poison = Poison(service, ValueError("bug"))
    letters = await _parked(service, memory, run, poison, *(service.message(key, n) for n in range(5)))
    first = (await service.letters())[0]
    poison.error = None
    replayed = await letters.replay(by="operator-1", letter_id=first.id)
    assert (replayed.resolved, replayed.failed) == (5, 0)
    assert by_key(await service.effects()) == {key: [0, 1, 2, 3, 4]}
    assert await service.letters() == []
    [decision] = await service.rows("SELECT * FROM dead_letter_decisions")
    assert (decision.action, decision.decided_by, decision.letter_id) == ("replayed", "operator-1", first.id)


@ON_BOTH_DATABASES
async def test_letter_that_fails_again_stays_with_one_attempt_more(
    service: Service, memory: MemoryBroker, run: Run
) -> None:
    poison = Poison(service, ValueError("bug"))
    letters = await _parked(service, memory, run, poison, *(service.message(new_id(), n) for n in range(1)))
    poison.error = KeyError("another bug")
    assert (await letters.replay(by="operator-1")).failed == 1
    [letter] = await service.letters()
    assert (letter.status, letter.attempts, letter.error_type) == ("parked", 2, "KeyError")
    assert await service.count("effects") == 0
    assert await service.count("inbox") == 0


@ON_BOTH_DATABASES
async def test_successor_that_fails_is_parked_and_holds_back_the_rest(
    service: Service, memory: MemoryBroker, run: Run
) -> None:
    key = new_id()
    poison = Poison(service, ValueError("bug"))
    letters = await _parked(service, memory, run, poison, *(service.message(key, n) for n in range(4)))

    async def third_fails(session: Any, envelope: Any, event: Any) -> None:
        await service.handle(session, envelope, event)
        if event.number == 2:
            raise ValueError("bug")

    replayed = await DeadLetters(service.db, GROUP, {service.event: third_fails}, keys=TEST_KEYS).replay(
        by="operator-1"
    )
    assert (replayed.resolved, replayed.failed) == (2, 1)
    third, fourth = await service.letters()
    assert (third.status, third.attempts) == ("parked", 1)
    assert (fourth.status, fourth.waiting_for) == ("waiting", third.id)
    poison.error = None
    await letters.replay(by="operator-1")
    assert by_key(await service.effects()) == {key: [0, 1, 2, 3]}


async def test_replay_by_error_type_leaves_the_others(service: Service, memory: MemoryBroker, run: Run) -> None:
    poison = Poison(service, ValueError("bug"))
    letters = await _parked(service, memory, run, poison, service.message(new_id(), 0), service.message(new_id(), 1))
    async with service.db.transaction() as session:
        await session.execute(text("UPDATE dead_letters SET error_type = 'KeyError' WHERE log_offset = 0"))
    poison.error = None
    others = await service.count("dead_letters WHERE error_type <> 'KeyError'")
    assert (await letters.replay(by="operator-1", error_type="ValueError")).resolved == others
    assert (await letters.replay(by="operator-1")).resolved == 2 - others


@ON_BOTH_DATABASES
async def test_drop_keeps_the_reason_and_lets_the_successors_go_on(
    service: Service, memory: MemoryBroker, run: Run
) -> None:
    key = new_id()
    messages = [service.message(key, n) for n in range(3)]
    poison = Poison(service, ValueError("bug"))
    letters = await _parked(service, memory, run, poison, *messages)
    first = (await service.letters())[0]
    with pytest.raises(ValueError, match="say why"):
        await letters.drop(first.id, by="operator-1", reason=" ")
    poison.error = None
    assert (await letters.drop(first.id, by="operator-1", reason="test data")).resolved == 2
    assert by_key(await service.effects()) == {key: [1, 2]}
    [decision] = await service.rows("SELECT * FROM dead_letter_decisions")
    assert (decision.action, decision.reason, decision.event_id) == ("dropped", "test data", first.event_id)
    # Delivered once more, the dropped event stays without effect.
    await MemoryProducer(memory).send(messages)
    async with run(consumer(service, memory).run()):
        await eventually(lambda: sum(memory.committed(GROUP).values()) == 6)
    assert by_key(await service.effects()) == {key: [1, 2]}
    with pytest.raises(NoSuchLetter):
        await letters.drop(first.id, by="operator-1", reason="again")


async def test_event_that_arrives_during_a_replay_is_not_left_behind(
    service: Service, memory: MemoryBroker, run: Run
) -> None:
    """A later event decides to wait at the very moment in which the replay finds nobody waiting."""
    keys = [new_id() for _ in range(9)]
    poison = Poison(service, ValueError("bug"))
    letters = await _parked(service, memory, run, poison, *(service.message(key, 0) for key in keys))
    poison.error = None
    producer = MemoryProducer(memory)
    async with run(consumer(service, memory, batch_size=3).run()):
        for number in range(1, 10):
            await producer.send([service.message(key, number) for key in keys])
            if number == 4:
                await letters.replay(by="operator-1")
        await eventually(lambda: service.all_effects_are_there(90))
        await eventually(lambda: _none_left(service))
    assert by_key(await service.effects()) == {key: list(range(10)) for key in sorted(keys)}


async def test_replay_waits_for_an_event_that_is_about_to_wait(
    service: Service, memory: MemoryBroker, run: Run
) -> None:
    key = new_id()
    poison = Poison(service, ValueError("bug"))
    letters = await _parked(service, memory, run, poison, service.message(key, 0))
    poison.error = None
    await MemoryProducer(memory).send([service.message(key, 1)])
    item = Dispatch(poison.handlers, TEST_KEYS).open(next(m for m in memory.log(service.topic) if m.offset == 1))
    assert item
    async with service.db.transaction() as session:
        await deadletters.lock(session, GROUP, item.received.key)
        assert await deadletters.wait_behind(session, GROUP, item, datetime.now(UTC))
        replay = asyncio.create_task(letters.replay(by="operator-1"))
        await eventually(lambda: _waits_for_a_lock(service))
    assert (await replay).resolved == 2
    assert by_key(await service.effects()) == {key: [0, 1]}


async def _waits_for_a_lock(service: Service) -> bool:
    return await service.count("pg_locks WHERE locktype = 'advisory' AND NOT granted") > 0


async def _none_left(service: Service) -> bool:
    return await service.count("dead_letters") == 0


async def test_replay_that_was_cut_off_is_continued_by_the_consumer(
    service: Service, memory: MemoryBroker, run: Run
) -> None:
    key = new_id()
    poison = Poison(service, ValueError("bug"))
    await _parked(service, memory, run, poison, *(service.message(key, n) for n in range(4)))

    async def dies_at_the_third(session: Any, envelope: Any, event: Any) -> None:
        if event.number == 2:
            raise ConnectionError("the operator's process lost the database")
        await service.handle(session, envelope, event)

    with suppress(ConnectionError):
        await DeadLetters(service.db, GROUP, {service.event: dies_at_the_third}, keys=TEST_KEYS).replay(by="operator-1")
    assert [letter.status for letter in await service.letters()] == ["waiting", "waiting"]
    async with run(consumer(service, memory).run()):
        await eventually(lambda: service.all_effects_are_there(4))
    assert by_key(await service.effects()) == {key: [0, 1, 2, 3]}


@pytest.mark.parametrize(
    ("table", "granted", "refused"),
    [
        ("outbox", "SELECT,INSERT,DELETE", "UPDATE,TRUNCATE"),
        ("inbox", "SELECT,INSERT,DELETE", "UPDATE,TRUNCATE"),
        ("dead_letters", "SELECT,INSERT,UPDATE,DELETE", "TRUNCATE"),
        ("dead_letter_decisions", "SELECT,INSERT", "UPDATE,DELETE,TRUNCATE"),
    ],
)
async def test_role_has_the_privileges_it_needs_and_no_other(
    service: Service, table: str, granted: str, refused: str
) -> None:
    """Grants that differ from their comments: opencrvs-core event_actions."""
    for privileges, expected in ((granted, True), (refused, False)):
        for privilege in privileges.split(","):
            [row] = await service.rows(f"SELECT has_table_privilege('{table}', '{privilege}') AS held")
            assert row.held is expected, (table, privilege)


async def test_decision_cannot_be_changed_afterwards(service: Service) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with service.db.transaction() as session:
            await session.execute(text("UPDATE dead_letter_decisions SET reason = 'another'"))
