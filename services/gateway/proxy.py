"""`/api/...`: passed on to the service behind it, streaming both ways."""

import re
from collections.abc import Iterable

import httpx
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from services.gateway.csrf import SAFE_METHODS
from services.gateway.desk import Desk, TheDesk, outgoing_headers, within_limits
from services.gateway.exposure import AT_ROOT, service_behind
from shared.auth import public
from shared.errors import NotFound

# RFC 9110 §7.6.1: these speak about one connection, not about the message.
_HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "expect",
    }
)
# Ours to say, or nobody else's business.
_NOT_PASSED_ON = frozenset(
    {"host", "cookie", "forwarded", "x-real-ip", "x-request-id", "x-csrf-token", "traceparent", "tracestate", "baggage"}
)
_NOT_PASSED_BACK = frozenset({"set-cookie", "server", "date", "x-request-id"})
_BEARER = re.compile(r"bearer\s+\S+", re.IGNORECASE)

router = APIRouter(include_in_schema=False, dependencies=[public, Depends(within_limits)])


@router.api_route("/api/{path:path}", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
async def pass_on(request: Request, desk: TheDesk) -> Response:
    """Raises `NotFound` for what is not exposed, `CrossSite`, `SessionEnded`, `ServiceDown` or `ServiceSlow`."""
    raw = request.scope.get("raw_path", b"").partition(b"?")[0].decode("ascii", "replace")
    path = raw.removeprefix("/api")
    service = service_behind(path, operations=desk.settings.expose_operations)
    if service is None:
        raise NotFound()
    headers = _passed_on(request)
    authorization, secret = await _authorization(request, desk)
    if authorization is not None:
        headers.append(("Authorization", authorization))
    answer = await _sent_on(request, desk, service, path, headers)
    if secret is not None:
        desk.seen(secret, request.method, path, answer.status_code)
    return answer


async def pass_on_at_root(request: Request, desk: TheDesk) -> Response:
    """No session rides along here: who calls shows a secret of their own. Raises `ServiceDown` or `ServiceSlow`."""
    path = request.url.path
    headers = _passed_on(request)
    if sent := request.headers.get("authorization"):
        headers.append(("Authorization", sent))
    return await _sent_on(request, desk, AT_ROOT[(request.method, path)], path, headers)


for _method, _path in AT_ROOT:
    router.add_api_route(_path, pass_on_at_root, methods=[_method])


async def _sent_on(request: Request, desk: Desk, service: str, path: str, headers: list[tuple[str, str]]) -> Response:
    query = request.scope.get("query_string", b"").decode("ascii", "replace")
    url = f"{desk.upstreams.services[service]}{path}" + (f"?{query}" if query else "")
    has_body = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    content = request.stream() if has_body else None
    answer = await desk.upstreams.send(service, httpx.Request(request.method, url, headers=headers, content=content))
    return _Relayed(answer)


async def _authorization(request: Request, desk: Desk) -> tuple[str | None, str | None]:
    """The header to send, and the session's secret where it is the cookie that signs the request in."""
    sent = request.headers.get("authorization")
    if sent is not None and _BEARER.fullmatch(sent):
        return sent, None
    secret = desk.secret(request)
    if secret is None:
        return None, None
    if request.method not in SAFE_METHODS:
        desk.csrf.require(request, secret)
    return f"Bearer {await desk.token(secret)}", secret


def _passed_on(request: Request) -> list[tuple[str, str]]:
    dropped = _HOP_BY_HOP | _NOT_PASSED_ON | {"authorization"} | _named_by(request.headers.getlist("connection"))
    kept = [
        (name, value)
        for name, value in request.headers.items()
        if name not in dropped and not name.startswith("x-forwarded-")
    ]
    return kept + list(outgoing_headers(request).items())


def _named_by(connection: Iterable[str]) -> set[str]:
    return {name.strip().lower() for value in connection for name in value.split(",")}


class _Relayed(Response):
    """An answer that is passed back while it arrives, and closed whatever happens."""

    def __init__(self, answer: httpx.Response) -> None:
        self._answer = answer
        self.status_code = answer.status_code
        self.background = None
        dropped = _HOP_BY_HOP | _NOT_PASSED_BACK | _named_by(answer.headers.get_list("connection"))
        self.raw_headers = [
            (name.lower(), _outside(name.lower(), value))
            for name, value in answer.headers.raw
            if name.lower().decode("latin-1") not in dropped
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
            await send(start)
            if scope["method"] != "HEAD":
                async for chunk in self._answer.aiter_raw():
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            await self._answer.aclose()


def _outside(name: bytes, value: bytes) -> bytes:
    """A service names its own paths; from outside they begin with `/api`."""
    return b"/api" + value if name in (b"location", b"content-location") and value.startswith(b"/v1/") else value
