"""A database that holds the shared tables and the test's own."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from shared.clock import ManualClock
from shared.db import Database
from shared.work import Commands
from tests.infra.databases import TestDatabase
from tests.support.house import House, open_house


@pytest.fixture
async def house(bare_database: TestDatabase) -> AsyncIterator[House]:
    async with open_house(bare_database, ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))) as opened:
        yield opened


@pytest.fixture
def db(house: House) -> Database:
    return house.db


@pytest.fixture
def commands(house: House) -> Commands:
    return house.commands
