"""The service on a fresh database, on a day in November 2026, and a filer."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import pytest

import services.application.app  # noqa: F401 - its OpenAPI document has the forms as they are when it is imported
from shared.clock import ManualClock
from tests.infra.databases import TestDatabase
from tests.services.application.people import Filer
from tests.support.service import RunningService, running


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))


@pytest.fixture
async def service(service_database: Callable[[str], TestDatabase], clock: ManualClock) -> AsyncIterator[RunningService]:
    async with running("application", service_database("application"), clock=clock) as started:
        yield started


@pytest.fixture
def filer(service: RunningService) -> Filer:
    return Filer(service)
