"""The model of the database and PostgreSQL itself: what messaging relies on holds for both."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.schema import CreateTable

import shared.messaging
import shared.timers
from shared.db import Database
from shared.db.baseline import statements
from shared.ids import new_id
from shared.messaging import Message, inbox, outbox
from shared.messaging.deadletters import blocked, counts, lock
from shared.messaging.relay import _take
from shared.messaging.retry import is_race, is_transient
from shared.messaging.tables import dead_letters, headers_from_text
from shared.messaging.tables import outbox as outbox_table
from shared.timers.table import at, timers
from tests.simulation.database import ModelDatabase, aggregates, effects, metadata, server
from tests.simulation.statements import NotModelled

NOW = datetime(2026, 4, 1, tzinfo=UTC)
KEY = UUID(int=1)


@pytest_asyncio.fixture(params=["model", pytest.param("postgresql", marks=pytest.mark.server)])
async def db(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    if request.param == "model":
        yield ModelDatabase(server(lambda: NOW))
        return
    bare = request.getfixturevalue("bare_database")
    engine = create_async_engine(bare.owner_url)
    files = [Path(shared.messaging.__file__).parent / f"v{number}.sql" for number in range(1, 6)]
    files += [Path(shared.timers.__file__).parent / name for name in ("v1.sql", "v2.sql")]
    async with engine.begin() as connection:
        for file in files:
            for statement in statements(file, bare.role):
                await connection.execute(text(statement.replace(" CONCURRENTLY", "")))
        for table in metadata.sorted_tables:
            await connection.execute(CreateTable(table))
            await connection.execute(text(f"GRANT ALL ON {table.name} TO {bare.role}"))
    await engine.dispose()
    real = Database(bare.url)
    yield real
    await real.close()


async def put(db: Any, *numbers: int) -> None:
    async with db.transaction() as session:
        await outbox.put(session, [Message("topic", "key", str(n).encode()) for n in numbers])


async def taken(session: Any, count: int) -> list[str]:
    return [bytes(row.payload).decode() for row in sorted(await session.execute(_take(count)), key=lambda row: row[0])]


async def test_rows_of_the_outbox_are_taken_in_order_and_come_back_when_that_is_rolled_back(db: Any) -> None:
    await put(db, 1, 2, 3)
    with pytest.raises(KeyError):
        async with db.transaction() as session:
            assert await taken(session, 2) == ["1", "2"]
            raise KeyError
    async with db.transaction() as session:
        assert await taken(session, 2) == ["1", "2"]
        assert await taken(session, 2) == ["3"]
    async with db.read() as session:
        assert await session.scalar(select(func.count()).select_from(outbox_table)) == 0


async def test_headers_of_a_taken_row_are_those_that_were_put(db: Any) -> None:
    headers = (("ce_type", b"a.b.v1"), ("empty", b""), ("bytes", b"\xff\0"), ("ce_type", "\u5728\u7559".encode()))
    async with db.transaction() as session:
        await outbox.put(session, [Message("topic", "key", b"", headers)])
    async with db.transaction() as session:
        [row] = await session.execute(_take(1))
        assert headers_from_text(row.headers) == headers


async def test_a_row_that_commits_late_has_a_lower_position_than_one_that_was_seen_before(db: Any) -> None:
    async with db.transaction() as early:
        await outbox.put(early, [Message("topic", "key", b"early")])
        await put(db, 2)
        async with db.transaction() as session:
            assert await taken(session, 5) == ["2"]
    async with db.transaction() as session:
        [row] = await session.execute(_take(5))
        assert (bytes(row.payload), row.position) == (b"early", 1)


@pytest.mark.parametrize(("commits", "fresh"), [(True, set()), (False, {KEY})])
async def test_an_id_is_fresh_for_the_second_only_if_the_first_is_rolled_back(
    db: Any, commits: bool, fresh: set[UUID]
) -> None:
    async def second() -> set[UUID]:
        async with db.transaction() as session:
            return await inbox.record(session, "group", [KEY])

    try:
        async with db.transaction() as session:
            assert await inbox.record(session, "group", [KEY]) == {KEY}
            waiting = asyncio.create_task(second())
            if not commits:
                raise KeyError
    except KeyError:
        pass
    assert await waiting == fresh


async def test_a_locked_row_is_waited_for_and_read_as_it_is_then(db: Any) -> None:
    async def add() -> None:
        async with db.transaction() as session:
            row = (await session.execute(select(aggregates).where(aggregates.c.id == KEY).with_for_update())).first()
            await session.execute(update(aggregates).where(aggregates.c.id == KEY).values(number=row.number + 1))

    async with db.transaction() as session:
        await session.execute(insert(aggregates).values(id=KEY, number=0))
    await asyncio.gather(add(), add(), add())
    async with db.read() as session:
        assert await session.scalar(select(aggregates.c.number)) == 3


async def test_a_locked_row_is_skipped_where_that_is_asked_for(db: Any) -> None:
    async with db.transaction() as session:
        for number in (1, 2):
            await at(session, "remind", UUID(int=number), NOW + timedelta(seconds=number))
    oldest = select(timers.c.subject_id).order_by(timers.c.due_at).limit(1).with_for_update(skip_locked=True)
    async with db.transaction() as first, db.transaction() as second, db.transaction() as third:
        assert await first.scalar(oldest) == UUID(int=1)
        assert await second.scalar(oldest) == UUID(int=2)
        assert await third.scalar(oldest) is None


async def test_a_timer_that_is_set_again_is_moved(db: Any) -> None:
    for number in (1, 2):
        async with db.transaction() as session:
            await at(session, "remind", KEY, NOW + timedelta(seconds=number), {"n": number})
    async with db.read() as session:
        [row] = await session.execute(select(timers))
        assert (row.due_at, row.data) == (NOW + timedelta(seconds=2), {"n": 2})


async def test_a_lock_by_name_is_held_until_the_transaction_ends(db: Any) -> None:
    steps = []

    async def second() -> None:
        async with db.transaction() as session:
            await lock(session, "group", "key")
            steps.append("second")

    async with db.transaction() as session:
        await lock(session, "group", "key")
        waiting = asyncio.create_task(second())
        async with db.transaction() as other:  # another key is free
            await lock(other, "group", "other")
        await inbox.record(session, "group", [KEY])
        steps.append("first")
    await waiting
    assert steps == ["first", "second"]


async def test_a_lock_of_a_session_is_one_sessions_until_it_is_closed(db: Any) -> None:
    asked = select(func.pg_try_advisory_lock(7))
    first, second = await db.engine.connect(), await db.engine.connect()
    assert await first.scalar(asked) is True
    await first.commit()
    assert await second.scalar(asked) is False
    await second.commit()
    await first.invalidate()
    await first.close()
    while not await second.scalar(asked):  # the server has not noticed yet
        await second.commit()
    await second.invalidate()
    await second.close()


async def test_of_two_that_wait_for_each_other_one_fails_and_may_try_again(db: Any) -> None:
    both = asyncio.Barrier(2)

    async def take(*names: str) -> None:
        async with db.transaction() as session:
            await lock(session, "group", names[0])
            await both.wait()
            await lock(session, "group", names[1])

    done = await asyncio.gather(take("a", "b"), take("b", "a"), return_exceptions=True)
    [failed] = [each for each in done if each is not None]
    assert isinstance(failed, DBAPIError) and is_transient(failed)


async def test_a_savepoint_takes_back_its_own_changes_alone(db: Any) -> None:
    async with db.transaction() as session:
        await inbox.record(session, "group", [UUID(int=1)])
        with pytest.raises(KeyError):
            async with session.begin_nested():
                await inbox.record(session, "group", [UUID(int=2)])
                raise KeyError
    async with db.transaction() as session:
        ids = [UUID(int=1), UUID(int=2)]
        assert await inbox.record(session, "group", ids) == {UUID(int=2)}


def letter(**changes: Any) -> dict[str, Any]:
    return {
        "id": new_id(),
        "consumer_group": "group",
        "topic": "topic",
        "partition": 0,
        "log_offset": 0,
        "key": "key",
        "value": b"",
        "headers": [],
        "event_id": KEY,
        "status": "parked",
        "attempts": 1,
        "first_failed_at": NOW,
    } | changes


@pytest.mark.parametrize(
    ("changes", "race"),
    [
        ({}, True),
        ({"log_offset": 1}, True),
        ({"event_id": None}, True),
        ({"log_offset": 1, "event_id": None, "status": "waiting"}, False),
        ({"log_offset": 1, "event_id": None, "status": "deferred"}, False),
        ({"log_offset": 1, "event_id": UUID(int=2), "status": "refused"}, False),
        ({"log_offset": 1, "event_id": None, "status": "unknown"}, False),
    ],
)
async def test_constraints_of_letters_are_kept(db: Any, changes: dict[str, Any], race: bool) -> None:
    async with db.transaction() as session:
        await session.execute(insert(dead_letters).values(**letter()))
    with pytest.raises(DBAPIError) as refused:
        async with db.transaction() as session:
            await session.execute(insert(dead_letters).values(**letter(**changes)))
    assert is_race(refused.value) is race
    async with db.transaction() as session:
        await session.execute(insert(dead_letters).values(**letter(log_offset=2, event_id=None)))
    async with db.read() as session:
        assert await counts(session, "group") == {"parked": 2, "deferred": 0, "waiting": 0, "refused": 0}


async def test_letters_of_any_of_several_keys_are_found(db: Any) -> None:
    async with db.transaction() as session:
        for at_offset, key in enumerate(("a", "b", "c")):
            each = letter(id=new_id(), key=key, log_offset=at_offset, event_id=None)
            await session.execute(insert(dead_letters).values(**each))
    for keys, found in ((["a", "c", "d"], {("topic", "a"), ("topic", "c")}), (["d"], set()), ([], set())):
        async with db.read() as session:
            assert await blocked(session, "group", keys) == found


async def test_after_an_error_a_transaction_takes_nothing_more(db: Any) -> None:
    with pytest.raises(DBAPIError):
        async with db.transaction() as session:
            await session.execute(insert(aggregates).values(id=KEY, number=0))
            with pytest.raises(DBAPIError):
                await session.execute(insert(aggregates).values(id=KEY, number=0))
            await session.execute(insert(aggregates).values(id=UUID(int=2), number=0))
    async with db.read() as session:
        assert await session.scalar(select(func.count()).select_from(aggregates)) == 0


async def test_a_statement_that_is_not_modelled_is_refused() -> None:
    async with ModelDatabase(server(lambda: NOW)).transaction() as session:
        with pytest.raises(NotModelled):
            await session.execute(select(func.sum(effects.c.number)))
