"""One moment for an answer, however many queries it takes and whatever is committed between them."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.db import Database
from tests.infra.databases import TestDatabase


@pytest.fixture
async def database(bare_database: TestDatabase) -> AsyncIterator[Database]:
    made = Database(bare_database.owner_url)
    yield made
    await made.close()


async def test_queries_of_one_session_see_the_same_moment(database: Database) -> None:
    """An import that is read as `done: 600` has 600 rows that are filed, and not the 700 of the next step."""
    async with database.transaction() as session:
        await session.execute(text("CREATE TABLE steps (done int)"))
        await session.execute(text("INSERT INTO steps VALUES (600)"))
    async with database.read() as reading:
        first = await reading.scalar(text("SELECT done FROM steps"))
        async with database.transaction() as session:
            await session.execute(text("UPDATE steps SET done = 700"))
        assert await reading.scalar(text("SELECT done FROM steps")) == first == 600
    async with database.read() as reading:
        assert await reading.scalar(text("SELECT done FROM steps")) == 700


async def test_a_connection_that_was_read_with_writes_again(bare_database: TestDatabase) -> None:
    database = Database(bare_database.owner_url, pool_size=1)
    level = text("SELECT current_setting('transaction_isolation')")
    async with database.read() as reading:
        assert await reading.scalar(level) == "repeatable read"
        with pytest.raises(DBAPIError, match="read-only transaction"):
            await reading.execute(text("CREATE TABLE written (done int)"))
    async with database.transaction() as session:
        assert await session.scalar(level) == "read committed"
        await session.execute(text("CREATE TABLE written (done int)"))
    await database.close()


async def test_a_connection_that_asked_alone_takes_back_what_fails(bare_database: TestDatabase) -> None:
    database = Database(bare_database.owner_url, pool_size=1)
    assert await database.ask(text("SELECT CAST(:n AS int) + 1"), {"n": 1}) == 2
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as session:
            await session.execute(text("CREATE TABLE written (done int)"))
            raise ZeroDivisionError
    assert not await database.ask(text("SELECT count(*) FROM pg_tables WHERE tablename = 'written'"), {})
    assert database.pool().in_use == 0
    await database.close()


async def test_what_comes_one_after_the_other_takes_the_same_connection(database: Database) -> None:
    """It knows its statements already."""
    server = text("SELECT pg_backend_pid()")
    async with database.read() as first, database.read() as second, database.read() as third:
        assert len({await each.scalar(server) for each in (first, second, third)}) == 3
    assert len({await database.ask(server, {}) for _ in range(4)}) == 1
