"""The service on a fresh database, on a day in November 2026, and everybody who comes to it."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from deploy.local.smtp import Mailbox
from shared.auth import Role
from shared.clock import ManualClock
from tests.infra.databases import TestDatabase
from tests.services.notification.conftest import MailClient
from tests.services.registration.bureau import ADMINISTRATOR, OfficerAdmin
from tests.services.registration.post_office import PostOffice
from tests.services.registration.site import RegistrationClient
from tests.support.service import RunningService, running


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))


@pytest.fixture
async def service(service_database: Callable[[str], TestDatabase], clock: ManualClock) -> AsyncIterator[RunningService]:
    async with running("registration", service_database("registration"), clock=clock) as started:
        yield started


@pytest.fixture
def site(service: RunningService, clock: ManualClock) -> RegistrationClient:
    return RegistrationClient(service, clock)


@pytest.fixture
async def bureau(site: RegistrationClient) -> OfficerAdmin:
    headers = await site.officer(Role.ADMINISTRATOR, login_id=ADMINISTRATOR)
    me = (await site.get("/v1/accounts/me", headers)).json()
    return OfficerAdmin(site, headers, UUID(me["id"]))


@pytest.fixture
async def post_office(
    site: RegistrationClient, service_database: Callable[[str], TestDatabase], mailbox: Mailbox, clock: ManualClock
) -> AsyncIterator[PostOffice]:
    """The notification service beside registration, at the same time of day."""
    settings = {"smtp_host": mailbox.host, "smtp_port": mailbox.port}
    async with running("notification", service_database("notification"), clock=clock, **settings) as notification:
        yield PostOffice(site, MailClient(notification, clock, mailbox))
