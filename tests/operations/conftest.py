"""The review service with dead letters, as an operator meets it."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import pytest

from shared.clock import ManualClock
from tests.infra.databases import TestDatabase
from tests.operations.letters import Bureau
from tests.support.service import running

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
async def bureau(service_database: Callable[[str], TestDatabase], clock: ManualClock) -> AsyncIterator[Bureau]:
    async with running("review", service_database("review"), clock=clock) as started:
        yield Bureau(started, clock)
