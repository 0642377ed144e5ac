"""The gateway in front of the real registration service, and browsers before it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI

from services.gateway.app import create_app
from services.gateway.settings import Settings
from shared.clock import ManualClock
from tests.gateway.browser import Browser
from tests.services.registration.site import Site
from tests.support.service import running
from tests.support.web import serving


@dataclass
class Identity:
    """Where people sign in."""

    url: str
    app: FastAPI
    site: Site
    clock: ManualClock
    stack: AsyncExitStack

    async def browser(self, lang: str = "en") -> Browser:
        """Another browser, with nothing in it."""
        headers = {"Accept": "text/html,application/xhtml+xml", "Accept-Language": lang, "User-Agent": "Firefox/140.0"}
        client = httpx.AsyncClient(base_url=self.url, headers=headers, timeout=30)
        return Browser(self.url, await self.stack.enter_async_context(client))


@asynccontextmanager
async def identity(database: Any, clock: ManualClock, **changes: Any) -> AsyncIterator[Identity]:
    """Registration on `database`, the gateway before it. `changes` are settings of the gateway."""
    async with AsyncExitStack() as stack:
        registration = await stack.enter_async_context(running("registration", database, clock=clock))
        behind = serving(registration.app, lifespan="off", proxy_headers=False)
        values = {"cookie_secure": False, "registration_url": await stack.enter_async_context(behind), **changes}
        app = create_app(Settings(**values), clock)
        url = await stack.enter_async_context(serving(app, proxy_headers=False))
        yield Identity(url, app, Site(registration, clock), clock, stack)
