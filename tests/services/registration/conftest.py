"""The service on a fresh database, on a day in November 2026, and everybody who comes to it."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher

from services.registration.hashing import PasswordHashing
from shared.clock import ManualClock
from tests.infra.databases import TestDatabase
from tests.services.registration.site import Site
from tests.support.service import RunningService, running

_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))


@pytest.fixture
async def service(service_database: Callable[[str], TestDatabase], clock: ManualClock) -> AsyncIterator[RunningService]:
    async with running("registration", service_database("registration"), clock=clock) as started:
        # Argon2id as in production, except that it takes no time: half of these tests would be hashing.
        desk = started.app.state.desk
        desk.hashing.close()
        desk.hashing = PasswordHashing(desk.settings.password_threads, _QUICK)
        yield started


@pytest.fixture
def site(service: RunningService, clock: ManualClock) -> Site:
    return Site(service, clock)
