"""The service on a fresh database, on a day in November 2026, and everybody who comes to it."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from argon2 import PasswordHasher

from deploy.local.smtp import Mailbox
from services.registration.authentication.adapters.hashing import PasswordHashing
from shared.auth import Role
from shared.clock import ManualClock
from tests.infra.databases import TestDatabase
from tests.services.notification.conftest import Post
from tests.services.registration.bureau import ADMINISTRATOR, Bureau
from tests.services.registration.post_office import PostOffice
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
        desk = started.app.state.context
        desk.hashing.close()
        desk.hashing = PasswordHashing(desk.settings.password_threads, _QUICK)
        yield started


@pytest.fixture
def site(service: RunningService, clock: ManualClock) -> Site:
    return Site(service, clock)


@pytest.fixture
async def bureau(site: Site) -> Bureau:
    headers = await site.officer(Role.ADMINISTRATOR, login_id=ADMINISTRATOR)
    me = (await site.get("/v1/accounts/me", headers)).json()
    return Bureau(site, headers, UUID(me["id"]))


@pytest.fixture
async def post_office(
    site: Site, service_database: Callable[[str], TestDatabase], mailbox: Mailbox, clock: ManualClock
) -> AsyncIterator[PostOffice]:
    """The notification service beside registration, at the same time of day."""
    settings = {"smtp_host": mailbox.host, "smtp_port": mailbox.port}
    async with running("notification", service_database("notification"), clock=clock, **settings) as notification:
        yield PostOffice(site, Post(notification, clock, mailbox))
