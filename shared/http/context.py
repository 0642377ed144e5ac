"""The context of every request: id, span, log line and metrics, and the last handler of errors."""

import re
from time import perf_counter

import structlog
from fastapi import Request
from opentelemetry.trace import SpanKind
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import tracing
from shared.http import metrics
from shared.http.problems import from_exception, problem_response
from shared.http.recent import Recent
from shared.ids import new_id
from shared.languages import negotiate
from shared.words import answer_in

access = structlog.get_logger("access")
log = structlog.get_logger(__name__)

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
CLIENT_CLOSED = 499  # the status in the access log when the caller has gone
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})


class RequestContext:
    """Pure ASGI. At the `edge` (the gateway) the caller's request id and trace are not taken over."""

    def __init__(self, app: ASGIApp, *, recent: Recent, edge: bool = False) -> None:
        self._app = app
        self._recent = recent
        self._edge = edge

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = _request_id(None if self._edge else headers.get("x-request-id"))
        scope["zairyu.request_id"] = request_id
        answer_in(negotiate(headers.get("accept-language")))
        method = metrics.method_label(scope["method"])
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        started = perf_counter()
        structlog.contextvars.clear_contextvars()
        metrics.IN_PROGRESS.inc()
        incoming = None if self._edge else headers.get("traceparent")
        try:
            with tracing.span(method, traceparent=incoming or "", kind=SpanKind.SERVER) as span:
                structlog.contextvars.bind_contextvars(request_id=request_id, trace_id=tracing.current_trace_id())
                try:
                    await self._app(scope, receive, sending)
                except ClientDisconnect:
                    pass  # nobody is left to answer to
                except Exception as error:
                    problem = from_exception(error)
                    if problem.status >= 500:
                        log.error("http.unexpected", route=metrics.route_template(scope), exc_info=error)
                    if status:
                        # The answer has begun: all that is left is to break the connection.
                        status = 500
                        raise
                    answer = problem_response(Request(scope), problem)
                    await answer(scope, receive, sending)
                finally:
                    route = metrics.route_template(scope)
                    final = status or CLIENT_CLOSED
                    span.update_name(f"{method} {route}")
                    span.set_attributes({"http.route": route, "http.response.status_code": final})
                    seconds = perf_counter() - started
                    metrics.SECONDS.labels(method, route, str(final)).observe(seconds)
                    if route not in _QUIET:
                        self._recent.count(method, route, final, seconds, tracing.current_trace_id())
                    if route not in _QUIET or final >= 400:
                        access.info("request", method=method, route=route, status=final, ms=round(seconds * 1000, 1))
        finally:
            metrics.IN_PROGRESS.dec()


def _request_id(offered: str | None) -> str:
    return offered if offered and REQUEST_ID.fullmatch(offered) else str(new_id())
