"""The gateway in front of the real registration service, and browsers before it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

from deploy.local.object_store import ObjectStore as S3Server
from services.gateway.app import create_app
from services.gateway.settings import Settings
from shared.auth import KeySet, TokenVerifier
from shared.clock import ManualClock
from shared.events.document import DocumentAccepted, DocumentDeleted, DocumentRejected
from shared.outgoing import http_client
from tests.gateway.browser import Browser
from tests.services.registration.site import RegistrationClient
from tests.support.forwarded import GATEWAY_KEY
from tests.support.service import RunningService, running
from tests.support.web import free_port, serving


@dataclass
class Identity:
    """The gateway in front of registration, with people who sign in."""

    url: str
    app: FastAPI
    site: RegistrationClient
    clock: ManualClock
    stack: AsyncExitStack

    async def browser(self, lang: str = "en") -> Browser:
        """Another browser, with nothing in it."""
        headers = {"Accept": "text/html,application/xhtml+xml", "Accept-Language": lang, "User-Agent": "Firefox/140.0"}
        client = http_client(base_url=self.url, headers=headers, timeout=30)
        return Browser(self.url, await self.stack.enter_async_context(client))


@asynccontextmanager
async def identity(database: Any, clock: ManualClock, **changes: Any) -> AsyncIterator[Identity]:
    """Registration on `database`, the gateway before it. `changes` are settings of the gateway."""
    async with AsyncExitStack() as stack:
        registration = await stack.enter_async_context(running("registration", database, clock=clock))
        behind = serving(registration.app, lifespan="off", proxy_headers=False)
        url = await stack.enter_async_context(behind)
        values = {"cookie_secure": False, "gateway_key": GATEWAY_KEY, "registration_url": url, **changes}
        port = free_port()
        app = create_app(Settings(**{"public_url": f"http://127.0.0.1:{port}", **values}), clock)
        url = await stack.enter_async_context(serving(app, port, proxy_headers=False))
        yield Identity(url, app, RegistrationClient(registration, clock), clock, stack)


@asynccontextmanager
async def documents(
    database: Any, clock: ManualClock, store: S3Server, **settings: Any
) -> AsyncIterator[tuple[RunningService, str]]:
    """The document service on `database`, and its address. Whose tokens it takes, `trusting` says."""
    where = {
        "s3_endpoint": store.endpoint,
        "s3_access_key": store.access_key,
        "s3_secret_key": store.secret_key,
        "s3_bucket": store.bucket,
        **settings,
    }
    async with (
        running("document", database, clock=clock, check_processes=1, **where) as document,
        serving(document.app, lifespan="off") as url,
    ):
        yield document, url


@asynccontextmanager
async def with_documents(
    database: Callable[[str], Any], clock: ManualClock, store: S3Server, **changes: Any
) -> AsyncIterator[tuple[Identity, RunningService]]:
    """Registration and the document service behind the gateway, of which `changes` are settings. `report_files`
    takes events from one to the other."""
    async with (
        documents(database("document"), clock, store) as (document, url),
        identity(database("registration"), clock, document_url=url, **changes) as front,
    ):
        trusting(document, front.site, clock)
        yield front, document


def trusting(service: RunningService, site: RegistrationClient, clock: ManualClock) -> None:
    """The keys that registration publishes, and no other: tokens are checked as in a real house. `as_filer` goes back
    to the tokens of tests for a while."""
    service.app.state.of_tests = service.app.state.verifier
    keys = KeySet(site.signing.document, clock=clock)
    service.app.state.verifier = TokenVerifier(site.context.settings.token_issuer, keys, clock)


async def report_files(document: RunningService, site: RegistrationClient) -> None:
    """Deliver to registration the files that the document service took, refused and deleted."""
    kinds = (DocumentAccepted, DocumentRejected, DocumentDeleted)
    await site.service.deliver(*(e for e in await document.events() if isinstance(e, kinds)))
