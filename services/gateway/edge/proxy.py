"""`/api/...`: passed on to the service behind it; files while they arrive, everything else when it is there."""

from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from services.gateway.edge.admission import admitted, notices_admitted
from services.gateway.edge.caller import ActsBy, caller_of, outgoing_headers
from services.gateway.edge.context import CurrentGateway, Gateway
from services.gateway.edge.csrf import SAFE_METHODS
from services.gateway.edge.exposure import AT_ROOT, NOTICES, operations_behind, service_behind
from services.gateway.edge.headers import decode_value, request_headers
from services.gateway.edge.relayed import Relayed
from shared.auth import public
from shared.errors import NotFound

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]

router = APIRouter(include_in_schema=False, dependencies=[public, admitted(ActsBy.TOKEN)])
at_root = APIRouter(include_in_schema=False, dependencies=[public, admitted(ActsBy.NEITHER)])
notices = APIRouter(include_in_schema=False, dependencies=[public, notices_admitted])
# On the operators' port, where the same tokens and sessions count.
operations = APIRouter(include_in_schema=False, dependencies=[public, admitted(ActsBy.TOKEN)])


@router.api_route("/api/{path:path}", methods=_METHODS)
async def pass_on(request: Request, gateway: CurrentGateway) -> Response:
    """Pass a request on to the service behind its path.

    Raises `NotFound` for a path that is not exposed, `CrossSite`, `SessionEnded`, `ServiceDown` or `ServiceSlow`.
    """
    path = _inside(request)
    return await _pass_on(request, gateway, service_behind(path), path)


@operations.api_route("/api/{path:path}", methods=_METHODS)
async def pass_on_operations(request: Request, gateway: CurrentGateway) -> Response:
    """The services' operator routes (`/v1/NAME/operations`). Raises like `pass_on`."""
    path = _inside(request)
    return await _pass_on(request, gateway, operations_behind(path), path)


async def pass_on_at_root(request: Request, gateway: CurrentGateway) -> Response:
    """Pass on without a session: the caller shows a secret of its own. Raises `ServiceDown` or `ServiceSlow`."""
    path = request.scope["path"]
    stated = outgoing_headers(request)
    if sent := request.headers.get("authorization"):
        stated["Authorization"] = decode_value(sent.encode("latin-1"))
    return await _forward(request, gateway, (AT_ROOT | NOTICES)[(request.method, path)], path, stated)


for _routed, _paths in ((at_root, AT_ROOT), (notices, NOTICES)):
    for _method, _path in _paths:
        _routed.add_api_route(_path, pass_on_at_root, methods=[_method])


def _inside(request: Request) -> str:
    """The path that a service is asked for, still percent-encoded."""
    raw: bytes = request.scope.get("raw_path", b"")
    return raw.partition(b"?")[0].decode("ascii", "replace").removeprefix("/api")


async def _pass_on(request: Request, gateway: Gateway, service: str | None, path: str) -> Response:
    if service is None:
        raise NotFound()
    stated = outgoing_headers(request)
    authorization, secret = await _authorization(request, gateway)
    if authorization is not None:
        stated["Authorization"] = authorization
    answer = await _forward(request, gateway, service, path, stated)
    if secret is not None:
        gateway.seen(secret, request.method, path, answer.status_code)
    return answer


async def _forward(request: Request, gateway: Gateway, service: str, path: str, stated: dict[str, str]) -> Response:
    query = request.scope.get("query_string", b"").decode("ascii", "replace")
    headers = request_headers(request.scope["headers"], stated)
    url = f"{path}?{query}" if query else path
    first = await request.receive()
    if first["type"] == "http.disconnect":
        raise ClientDisconnect()
    start: bytes = first.get("body", b"")
    if not first.get("more_body", False):
        answer = await gateway.upstreams.send(service, request.method, url, headers=headers, body=start or None)
        return Relayed(answer)
    with gateway.files.one(caller_of(request).address):
        if declared := request.headers.get("content-length"):
            headers.append(("Content-Length", declared))
        body = stream_body(request, start)
        return Relayed(
            await gateway.upstreams.send(service, request.method, url, headers=headers, body=body, lane="files")
        )


async def stream_body(request: Request, first: bytes) -> AsyncIterator[bytes]:
    """A body whose first piece has arrived, and then the rest of it. Raises `ClientDisconnect`."""
    yield first
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect()
        yield message.get("body", b"")
        if not message.get("more_body", False):
            return


async def _authorization(request: Request, gateway: Gateway) -> tuple[str | None, str | None]:
    """The header to send, and the session's secret where it is the cookie that signs the request in."""
    caller = caller_of(request)
    if caller.token is not None:
        return decode_value(request.headers["authorization"].encode("latin-1")), None
    if caller.secret is None:
        return None, None
    if request.method not in SAFE_METHODS:
        gateway.csrf.require(request, caller.secret)
    return f"Bearer {(await caller.granted()).token}", caller.secret
