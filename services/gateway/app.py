"""Puts the gateway together."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from services.gateway.edge import api, proxy
from services.gateway.edge.announcements import Announcements
from services.gateway.edge.blocked_networks import BlockedNetworks
from services.gateway.edge.compression import CompressesPublicAnswers
from services.gateway.edge.context import Gateway
from services.gateway.edge.contracts import Contracts
from services.gateway.edge.csrf import Csrf
from services.gateway.edge.notes import Notes
from services.gateway.edge.operator import operators
from services.gateway.edge.places.places import NOT_READ, OUTDATED, Places
from services.gateway.edge.public_answers import PublicAnswers
from services.gateway.edge.rates import InProgress
from services.gateway.edge.reporting import reporting
from services.gateway.edge.sessions import Sessions
from services.gateway.edge.shared_rates import AWAY, LimitStore, OwnWindow, Window
from services.gateway.edge.upstream import ServiceDown, Upstreams
from services.gateway.pages import ROUTERS
from services.gateway.pages.account.periodic_report.reporter import REPORT
from services.gateway.pages.kit.errors import PagesForPeople
from services.gateway.pages.public.site_texts import site_texts
from services.gateway.settings import Settings
from shared.auth import KeySet, Revocations, TokenVerifier
from shared.clock import Clock, SystemClock
from shared.http import create_app as create_http_app
from shared.http import health
from shared.http.limits import DEFAULT_MAX_BODY, FORM_BODY, LARGER_BODIES, LIST_BODY, NOTICE_BODY, ServerLimits
from shared.operations.state.watches import Watches, watch_away
from shared.reference.agreements import agreements

_DESCRIPTION = """Online residence procedures. Errors are `application/problem+json` (RFC 9457): `errors` names each
field by its JSON pointer, and says what to do.

A system begins with a token of `POST /oauth/token`, takes the complete example of a form (`GET /api/v1/forms`, then
`/api/v1/forms/{version}/example`) as the body of `POST /api/v1/applications`, and asks `/check` what is missing. Many
at once: `POST /api/v1/imports`. docs/api-clients.md in the repository has a first program."""


def create_app(
    settings: Settings | None = None, clock: Clock | None = None, limits: ServerLimits | None = None
) -> FastAPI:
    """The gateway as the public reaches it. Without `settings` they are read from the environment.

    `app.state.operations` is what its operators reach, to be served at an address of its own.
    """
    settings = settings or Settings()
    clock = clock or SystemClock()
    upstreams = Upstreams(settings.services, settings.upstream_seconds)
    verifier = TokenVerifier(
        settings.token_issuer,
        KeySet.at(settings.registration_url, clock=clock),
        clock,
        revocations=Revocations.at(settings.registration_url, clock=clock),
    )
    limit_store = LimitStore(settings.limits_url.get_secret_value()) if settings.limits_url else None

    def window(name: str, limit: int) -> Window:
        return limit_store.window(name, limit) if limit_store else OwnWindow(limit)

    blocked = BlockedNetworks.at(settings.registration_url, clock)
    announcements = Announcements(upstreams, clock)
    contracts = Contracts(upstreams, clock, lambda: app.openapi(), settings.cookie_name)

    async def registration() -> None:
        answer = await upstreams.call("registration", "GET", "/healthz")
        if not answer.is_success:
            raise ServiceDown()

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        async with upstreams, blocked.running(), reporting(app):
            try:
                yield
            finally:
                await announcements.close()
                await contracts.close()
                if limit_store is not None:
                    await limit_store.close()

    app = create_http_app(
        title="Zairyu",
        version="0.1.0",
        description=_DESCRIPTION,
        # A request is held against each route before its own, and the pages are several hundred: they come last.
        routers=[api.router, proxy.router, proxy.notices, proxy.at_root, *ROUTERS],
        lifespan=living,
        checks={"registration": registration},
        verifier=verifier,
        max_body=FORM_BODY,
        larger_bodies={
            "/api/": DEFAULT_MAX_BODY,
            **{f"/api{path}": min(size, settings.max_upload_bytes) for path, size in LARGER_BODIES.items()},
            "/payments/callback": NOTICE_BODY,
            "/mail-reports": NOTICE_BODY,
            "/upload/": settings.max_upload_bytes,
            "/usage-registration/": LIST_BODY,
            "/applications/": LIST_BODY,
            "/desk/card-desk/": LIST_BODY,
            REPORT: LIST_BODY,
        },
        limits=limits or ServerLimits(connections_per_address=settings.connections_per_address),
        edge=True,
        hsts=settings.cookie_secure,
        openapi_url=None,
        operations=False,
    )
    key = settings.csrf_key.get_secret_value() if settings.csrf_key else None
    app.state.gateway = Gateway(
        settings=settings,
        clock=clock,
        upstreams=upstreams,
        sessions=Sessions(upstreams, clock),
        csrf=Csrf(key, settings.origins),
        notes=Notes(key or secrets.token_urlsafe(32)),
        contracts=contracts,
        public_answers=PublicAnswers(upstreams, clock),
        announcements=announcements,
        verifier=verifier,
        blocked=blocked,
        places=Places(settings.place_rules, clock),
        by_address=window("address", settings.requests_per_minute),
        notices_by_address=window("notices", settings.notices_per_minute),
        by_session=window("session", settings.session_requests_per_minute),
        by_client=window("client", settings.client_requests_per_minute),
        sign_ins=window("sign-in", settings.sign_ins_per_minute),
        agreements=agreements(settings.agreements_dir),
        site_texts=site_texts(settings.site_texts_dir),
        operators=operators(settings),
        at_once=InProgress(settings.requests_in_progress),
        session_at_once=InProgress(settings.session_requests_in_progress),
        files=InProgress(settings.files_in_progress),
    )
    looks = {frozenset({NOT_READ, OUTDATED}): app.state.gateway.places.look}
    if limit_store is not None:
        looks[frozenset({AWAY})] = watch_away(AWAY, limit_store.ping)
    app.state.watches = Watches(looks, app.state.readiness.notices)
    # Outside everything else, so that they also see what the limits and the net under all errors answer.
    app.add_middleware(PagesForPeople, secure=settings.cookie_secure)
    app.add_middleware(CompressesPublicAnswers)
    app.state.operations = _operations(app)
    return app


def _operations(app: FastAPI) -> FastAPI:
    """The operators' application: readiness, metrics and the services' operator routes. It lives as long as `app`."""
    made = create_http_app(
        title="Zairyu operations",
        version="0.1.0",
        routers=[health.operations(app.state.readiness), proxy.operations],
        edge=True,
        openapi_url=None,
        operations=False,
    )
    made.state.gateway = app.state.gateway
    return made
