"""One moment for an answer, however many queries it takes and whatever is committed between them."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

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
