"""The application factory: what every service's HTTP side has, the same everywhere."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI

from shared.auth.tokens import TokenVerifier
from shared.http import health, openapi, problems
from shared.http.bodies import BodyLimit
from shared.http.context import RequestContext
from shared.http.headers import SecurityHeaders
from shared.http.health import Check, Readiness
from shared.http.limits import DEFAULT_MAX_BODY, ServerLimits
from shared.http.recent import Recent

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
# FastAPI's own telemetry records addresses, input and error messages; ours records none of them.
_NO_TELEMETRY = {"tracing": False, "metrics": False, "logs": False, "operation_spans": False, "auto_configure": False}


def create_app(
    title: str,
    version: str,
    routers: Sequence[APIRouter],
    lifespan: Lifespan | None = None,
    checks: Mapping[str, Check] | None = None,
    *,
    verifier: TokenVerifier | None = None,
    max_body: int = DEFAULT_MAX_BODY,
    larger_bodies: Mapping[str, int] | None = None,
    limits: ServerLimits | None = None,
    operations: bool = True,
    edge: bool = False,
    hsts: bool = False,
    openapi_url: str | None = "/openapi.json",
    description: str = "",
) -> FastAPI:
    """A FastAPI application with problem+json errors, request ids, logs, metrics, limits, health and readiness.

    `checks` are what `/readyz` asks: each raises where its dependency does not answer. With a `verifier`, routes may
    take `Caller` and `permit(...)`; its keys and revocations are kept fresh while the application runs, and are one of
    the checks.
    `max_body` is the most bytes a request may bring; `larger_bodies` gives path prefixes a limit of their own
    (`shared.http.limits` has those of the services). `limits` are those of the port that it is served at.
    Without `operations` there is neither `/readyz` nor `/metrics`: another port has them.
    `edge` is for the gateway: the caller's request id and trace are not taken over.
    """
    all_checks = dict(checks or {})
    if verifier is not None:
        all_checks["token-keys"] = lambda: app.state.verifier.check()

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            # The one that it has when it starts: tests give it one of their own before.
            if app.state.verifier is not None:
                await stack.enter_async_context(app.state.verifier.running())
            if lifespan is not None:
                await stack.enter_async_context(lifespan(app))
            yield

    options: dict[str, Any] = {"telemetry": _NO_TELEMETRY}
    app = FastAPI(
        title=title,
        version=version,
        description=description,
        lifespan=living,
        openapi_url=openapi_url,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        **options,
    )
    app.state.limits = limits or ServerLimits()
    app.state.verifier = verifier
    app.state.recent = Recent()
    app.state.readiness = Readiness(all_checks)
    problems.install(app)
    openapi.install(app)
    own = [health.alive(), *([health.operations(app.state.readiness)] if operations else [])]
    for router in (*own, *routers):
        # The routes themselves, and not `include_router`: that would build each of them a second time at the first
        # request, which takes a tenth of a second in a large service.
        app.router.routes.extend(router.routes)
    # Added from the inside outwards: the last one sees a request first.
    app.add_middleware(BodyLimit, max_body=max_body, larger=larger_bodies)
    app.add_middleware(RequestContext, recent=app.state.recent, edge=edge)
    app.add_middleware(SecurityHeaders, hsts=hsts)
    return app
