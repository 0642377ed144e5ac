"""One Chromium and one stack for all tests of this directory: registration, the application, the document and the
notification service behind the gateway, and an identity provider. Without Chromium the tests are skipped, unless
`ZAIRYU_TEST_BROWSER=required`."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from playwright.async_api import Browser, async_playwright

from deploy.local.identity_provider.app import Client
from deploy.local.object_store import ObjectStore as S3Server
from services.gateway.app import create_app
from services.gateway.settings import Settings
from shared.clock import ManualClock
from tests.browser.chromium import FLAGS, program
from tests.browser.looking import Visitors
from tests.gateway.identity import documents, trusting
from tests.gateway.portal import applications
from tests.infra.databases import Databases
from tests.services.registration.identity import CLIENT, identity_site
from tests.support.forwarded import GATEWAY_KEY
from tests.support.line import Line, line_to
from tests.support.service import running
from tests.support.web import free_port, serving


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The browser of the machine; Playwright brings none."""
    path = program()
    if path is None:
        if os.environ.get("ZAIRYU_TEST_BROWSER") == "required":
            pytest.fail("there is no Chromium: install the package chromium")
        pytest.skip("there is no Chromium: install the package chromium to run tests/browser")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, headless=True, args=list(FLAGS))
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
async def store_line(object_store: S3Server) -> AsyncIterator[Line]:
    """The line over which browsers reach the store of files."""
    async with line_to(object_store.endpoint) as line:
        yield line


@pytest.fixture(scope="session")
async def visitors(
    chromium: Browser, databases: Databases, object_store: S3Server, store_line: Line
) -> AsyncIterator[Visitors]:
    """Visitors of the pages of a site with everything set."""
    clock, port = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC)), free_port()
    url = f"http://127.0.0.1:{port}"
    client = Client(CLIENT.id, CLIENT.secret, f"{url}/identity/callback")
    made = {name: databases.create(name) for name in ("registration", "document", "application", "notification")}
    async with (
        identity_site(made["registration"], clock, client, public_url=url) as site,
        serving(site.service.app, lifespan="off", proxy_headers=False) as behind,
        documents(made["document"], clock, object_store, s3_public_endpoint=store_line.url) as (document, storing),
        applications(made["application"], clock) as (application, filing),
        running("notification", made["notification"], clock=clock) as notification,
        serving(notification.app, lifespan="off") as informing,
    ):
        for service in (document, application, notification):
            trusting(service, site, clock)
        settings = Settings(
            cookie_secure=False,
            public_url=url,
            registration_url=behind,
            document_url=storing,
            files_url=store_line.url,
            application_url=filing,
            review_url="http://127.0.0.1:1",
            notification_url=informing,
            gateway_key=GATEWAY_KEY,
            components_page=True,
            identity_name="マイナンバーカード/My Number card",
            operator_name="見本運営機構/Sample Operator",
            contact_telephone="03-1234-5678",
            contact_hours="平日9時から17時まで/Weekdays 9:00 to 17:00",
        )
        async with serving(create_app(settings, clock), port, proxy_headers=False):
            yield Visitors(chromium, url, site, document, application, clock, notification)
    for database in made.values():
        databases.give_back(database)
