"""The review service with dead letters, as an operator meets it."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import pytest

from shared.clock import ManualClock
from tests.infra.databases import TestDatabase
from tests.support.letters import LetterBox
from tests.support.service import running

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
async def box(service_database: Callable[[str], TestDatabase], clock: ManualClock) -> AsyncIterator[LetterBox]:
    async with running("review", service_database("review"), clock=clock) as started:
        yield LetterBox(started, clock)
