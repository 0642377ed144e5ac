"""A database that holds the shared tables and the test's own."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from shared.clock import ManualClock
from shared.db import Database
from shared.work import Commands
from tests.infra.databases import TestDatabase
from tests.support.folder_service import FolderService, open_folder_service


@pytest.fixture
async def service(bare_database: TestDatabase) -> AsyncIterator[FolderService]:
    async with open_folder_service(bare_database, ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))) as opened:
        yield opened


@pytest.fixture
def db(service: FolderService) -> Database:
    return service.db


@pytest.fixture
def commands(service: FolderService) -> Commands:
    return service.commands
