"""The review service on an empty database, with a clock that the test moves."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime

import asyncpg
import pytest

from shared.clock import ManualClock
from tests.infra.databases import Databases, TestDatabase
from tests.services.review.desk import Desk
from tests.support.service import running

NOON = datetime(2026, 7, 15, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def module_database(databases: Databases) -> Iterator[TestDatabase]:
    """One database for the tests of a module."""
    database = databases.create("review")
    yield database
    databases.give_back(database)


@pytest.fixture
async def desk(service_database: Callable[[str], TestDatabase]) -> AsyncIterator[Desk]:
    """A desk without any case."""
    async with running("review", service_database("review"), clock=(clock := ManualClock(NOON))) as service:
        yield Desk(service, clock)


@pytest.fixture(scope="module")
async def open_desk(module_database: TestDatabase) -> AsyncIterator[Desk]:
    """One desk for all tests of a module, for those that only look at cases of their own."""
    async with running("review", module_database, clock=(clock := ManualClock(NOON))) as service:
        yield Desk(service, clock)


async def as_owner(database: TestDatabase, statement: str) -> None:
    """Run SQL that the service's role may not."""
    connection = await asyncpg.connect(database.owner_url.replace("+asyncpg", ""))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
