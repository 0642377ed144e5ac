"""Puts the gateway together."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from services.gateway import api, proxy
from services.gateway.contracts import Contracts
from services.gateway.csrf import Csrf
from services.gateway.desk import Desk
from services.gateway.notes import Notes
from services.gateway.pages import ROUTERS
from services.gateway.pages.errors import PagesForPeople
from services.gateway.pages.reporters import REPORT
from services.gateway.rates import SlidingWindow
from services.gateway.sessions import Sessions
from services.gateway.settings import Settings
from services.gateway.upstream import ServiceDown, Upstreams
from shared.auth import KeySet, Revocations, TokenVerifier
from shared.clock import Clock, SystemClock
from shared.http import create_app as create_http_app


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> FastAPI:
    """The gateway. Without `settings` they are read from the environment."""
    settings = settings or Settings()
    clock = clock or SystemClock()
    upstreams = Upstreams(settings.services, settings.upstream_seconds)
    verifier = TokenVerifier(
        settings.token_issuer,
        KeySet.at(settings.registration_url, clock=clock),
        clock,
        revocations=Revocations.at(settings.registration_url, clock=clock),
    )

    async def registration() -> None:
        answer = await upstreams.call("registration", "GET", "/healthz")
        if not answer.is_success:
            raise ServiceDown()

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        async with upstreams:
            yield

    app = create_http_app(
        title="Zairyu",
        version="0.1.0",
        description="Online residence procedures. Errors are `application/problem+json` (RFC 9457).",
        routers=[api.router, *ROUTERS, proxy.router],
        lifespan=living,
        checks={"registration": registration},
        verifier=verifier,
        larger_bodies={
            "/api/": settings.max_upload_bytes,
            "/upload/": settings.max_upload_bytes,
            # A list of five hundred organisations.
            "/usage-registration/": 1024 * 1024,
            REPORT: 1024 * 1024,
        },
        max_body=64 * 1024,
        edge=True,
        hsts=settings.cookie_secure,
        openapi_url=None,
    )
    key = settings.csrf_key.get_secret_value() if settings.csrf_key else None
    app.state.desk = Desk(
        settings=settings,
        clock=clock,
        upstreams=upstreams,
        sessions=Sessions(upstreams, clock),
        csrf=Csrf(key, settings.origins),
        notes=Notes(key or secrets.token_urlsafe(32)),
        contracts=Contracts(upstreams, clock, operations=settings.expose_operations),
        verifier=verifier,
        by_address=SlidingWindow(settings.requests_per_minute),
        by_session=SlidingWindow(settings.session_requests_per_minute),
        sign_ins=SlidingWindow(settings.sign_ins_per_minute),
    )
    # Outermost, so that it also sees what the limits and the net under all errors answer.
    app.add_middleware(PagesForPeople, secure=settings.cookie_secure)
    return app
