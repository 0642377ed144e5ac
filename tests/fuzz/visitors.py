"""Visitors of the gateway's pages: a stranger, an organisation's staff, a person without a password, an officer."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx
from fastapi import FastAPI

from deploy.local.identity_provider.app import Client
from deploy.local.identity_provider.people import FOREIGNER
from deploy.local.object_store import ObjectStore as S3Server
from services.gateway.app import create_app
from services.gateway.settings import Settings
from shared.auth import Role
from shared.clock import ManualClock
from shared.events.application import ApplicationSubmitted
from shared.outgoing import http_client
from tests.gateway.browser import Browser
from tests.gateway.identity import documents, trusting
from tests.gateway.portal import applications
from tests.gateway.test_identity import Front
from tests.infra.databases import TestDatabase
from tests.services.registration.drafts import begun
from tests.services.registration.identity import CLIENT, identity_site
from tests.services.registration.site import PASSWORD, App, Person
from tests.support.forwarded import GATEWAY_KEY
from tests.support.service import running
from tests.support.web import free_port, serving

# In 2029 the report of an organisation registered in 2026 is due: its pages are there as well.
BEGUN, LATER = datetime(2026, 11, 20, 3, 0, tzinfo=UTC), datetime(2029, 9, 20, 3, 0, tzinfo=UTC)
OFFICER = "examiner.tyo"
PLENTY: dict[str, Any] = dict.fromkeys(
    ("requests_per_minute", "session_requests_per_minute", "sign_ins_per_minute"), 10**9
)


@dataclass
class Site:
    """The gateway before every service, and browsers before it."""

    url: str
    front: Front
    app: FastAPI
    person: Person
    stack: AsyncExitStack
    officers_app: App
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    async def open(self) -> Browser:
        """A browser with nothing in it. An hour has passed: nobody is slowed for what was tried before."""
        self.front.site.clock.advance(timedelta(hours=1))
        headers = {"Accept": "text/html", "Accept-Language": "en", "X-Forwarded-For": f"10.0.0.{next(self.numbers)}"}
        client = http_client(base_url=self.url, headers=headers, timeout=60)
        return Browser(self.url, await self.stack.enter_async_context(client))


async def visitor(site: Site) -> Browser:
    """Somebody who has not signed in, and holds the link to a draft."""
    browser = await site.open()
    writer = await begun(site.front.site)
    await browser.get(f"/usage-registration/open/{writer.id}.{writer.key}")
    return browser


async def staff(site: Site) -> Browser:
    """An organisation's staff who have signed in, with a draft and a system of their own."""
    browser = await site.open()
    await browser.sign_in(site.person.login_id, PASSWORD)
    return browser


async def without_password(site: Site) -> Browser:
    """A person who signs in at the identity provider."""
    browser = await site.open()
    front = Front(site.url, site.front.site, browser.client, site.front.document)
    back = await front.go("/identity/start?purpose=sign-in")
    assert back.status_code == 303, back.text
    return browser


async def officer(site: Site) -> Browser:
    """An officer after both steps."""
    browser = await site.open()
    page = await browser.sign_in(OFFICER, PASSWORD)
    await browser.send(page, "Check the code", code=site.officers_app.next())
    return browser


VISITORS: dict[str, Callable[[Site], Awaitable[Browser]]] = {
    "visitor": visitor,
    "staff": staff,
    "without a password": without_password,
    "officer": officer,
}


@asynccontextmanager
async def opened(database: Callable[[str], TestDatabase], store: S3Server) -> AsyncIterator[Site]:
    """The site with everybody who visits it."""
    clock, port = ManualClock(BEGUN), free_port()
    url = f"http://127.0.0.1:{port}"
    client = Client(CLIENT.id, CLIENT.secret, f"{url}/identity/callback")
    async with (
        identity_site(database("registration"), clock, client, public_url=url) as site,
        serving(site.service.app, lifespan="off", proxy_headers=False) as behind,
        documents(database("document"), clock, store) as (document, storing),
        applications(database("application"), clock) as (application, filing),
        running("review", database("review"), clock=clock) as review,
        serving(review.app, lifespan="off") as examining,
        running("notification", database("notification"), clock=clock) as notification,
        serving(notification.app, lifespan="off") as informing,
        AsyncExitStack() as stack,
    ):
        for service in (document, application, review, notification):
            trusting(service, site, clock)
        values: dict[str, Any] = {"registration_url": behind, "document_url": storing, "public_url": url}
        values |= {"application_url": filing, "review_url": examining, "notification_url": informing}
        settings = Settings(
            cookie_secure=False, identity_name="本人確認/Identity", gateway_key=GATEWAY_KEY, **values, **PLENTY
        )
        app = create_app(settings, clock)
        proxied: dict[str, Any] = {"proxy_headers": True, "forwarded_allow_ips": "127.0.0.1"}
        await stack.enter_async_context(serving(app, port, **proxied))
        person = await site.person()
        clock.advance(LATER - clock.now())
        await site.registered("self", FOREIGNER)
        await site.officer(Role.EXAMINER, login_id=OFFICER)
        await review.deliver(ApplicationSubmitted.example(office="TYO"))
        browser = await stack.enter_async_context(httpx.AsyncClient())
        made = Site(url, Front(url, site, browser, document), app, person, stack, await site.app_of(OFFICER))
        yield made
