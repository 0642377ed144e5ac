"""Calls to the services: bounded connections for each, those of the gateway's own calls apart from those that carry
strangers' requests and apart from those that carry files.

aiohttp because it costs a sixth of httpx or less (decision 0105): a request is passed on with the headers it is given
and nothing else, without cookies, redirects or proxies of the environment.
"""

import json as jsonlib
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Self

import aiohttp
import structlog
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from shared.errors import Text, Unavailable
from shared.outgoing import KEPT_SECONDS

log = structlog.get_logger(__name__)

CONNECT_SECONDS = 2.0
# For each service. Of their own calls most take milliseconds; a file is on its way for as long as its sender takes.
CONNECTIONS = {"own": 50, "passed": 100, "files": 50, "again": 50}
# Each of these connections carries one request: a body that arrives cannot be sent twice, and one that is sent once
# more must not meet the end of another kept connection.
_USED_ONCE = ("files", "again")
# What aiohttp would add of its own.
_NOTHING_ADDED = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")

_KEY = "Idempotency-Key"
# RFC 9110 §9.2.2: once more is as good as once.
_IDEMPOTENT = ("GET", "HEAD", "OPTIONS", "PUT", "DELETE")
_ENDED = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)

Lane = Literal["own", "passed", "files", "again"]
Headers = Mapping[str, str] | Iterable[tuple[str, str]]


class ServiceDown(Unavailable):
    """A service behind the gateway does not answer."""

    code = "service-down"
    title = Text("サービスに接続できません", "A service cannot be reached")


class ServiceSlow(ServiceDown):
    """A service took longer than allowed. Whether it did the work is not known: repeat with the same key. A page that
    can do without the answer goes without it all the same."""

    status = 504
    code = "service-slow"
    title = Text("応答に時間がかかっています", "The service is taking too long to respond")


@dataclass(frozen=True, slots=True)
class Reply:
    """A service's answer, read whole."""

    status_code: int
    headers: CIMultiDictProxy[str]
    content: bytes

    @property
    def is_success(self) -> bool:
        return 200 <= self.status_code < 300

    @property
    def text(self) -> str:
        return self.content.decode(errors="replace")

    def json(self) -> Any:
        """Raises `ValueError` for what is no JSON."""
        return jsonlib.loads(self.content)


class Upstreams:
    """HTTP clients by service name. `seconds` is how long an answer may take, and each part of it."""

    def __init__(self, services: Mapping[str, str], seconds: float) -> None:
        self.services = dict(services)
        self._timeout = aiohttp.ClientTimeout(
            total=None, connect=CONNECT_SECONDS, sock_connect=CONNECT_SECONDS, sock_read=seconds
        )
        self._clients: dict[tuple[str, Lane], aiohttp.ClientSession] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        for service in self.services:
            for lane, most in CONNECTIONS.items():
                client = aiohttp.ClientSession(
                    connector=aiohttp.TCPConnector(limit=most, force_close=True)
                    if lane in _USED_ONCE
                    else aiohttp.TCPConnector(limit=most, keepalive_timeout=KEPT_SECONDS),
                    cookie_jar=aiohttp.DummyCookieJar(),
                    timeout=self._timeout,
                    auto_decompress=False,
                    skip_auto_headers=_NOTHING_ADDED,
                )
                self._clients[service, lane] = await self._stack.enter_async_context(client)  # type: ignore[index]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def in_use(self, service: str) -> int:
        """Connections to a service that carry a request now."""
        return sum(
            len(client.connector._acquired)
            for (name, _), client in self._clients.items()
            if name == service and client.connector is not None
        )

    async def send(
        self,
        service: str,
        method: str,
        path: str,
        *,
        headers: Headers,
        body: bytes | AsyncIterable[bytes] | None = None,
        lane: Lane = "passed",
        harmless: bool = False,
    ) -> aiohttp.ClientResponse:
        """The answer's head; its body is still to be read, and the answer to be closed.

        Where the connection ends before the answer, a request is sent once more over a new one: if its method may be
        repeated, it has a key, or it is `harmless`.
        `path` is sent as it is, with its query. What a `body` that arrives in pieces raises comes out of here as it is.
        Raises `ServiceDown` (503) or `ServiceSlow` (504).
        """
        url = URL(f"{self.services[service]}{path}", encoded=True)
        arriving = _Arriving(body) if isinstance(body, AsyncIterable) else None
        sent = CIMultiDict(headers)
        again = arriving is None and (harmless or _KEY in sent or method in _IDEMPOTENT)

        async def ask(lane: Lane) -> aiohttp.ClientResponse:
            data = body if arriving is None else arriving.pieces()
            return await self._clients[service, lane].request(
                method, url, headers=sent, data=data, allow_redirects=False
            )

        try:
            try:
                return await ask(lane)
            except _ENDED:
                # A process that is killed ends all connections it has. The request goes to the next one.
                if not again:
                    raise
                return await ask("again")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            if arriving is not None and arriving.failure is not None:
                raise arriving.failure from error
            if isinstance(error, aiohttp.ServerTimeoutError) and not isinstance(error, aiohttp.ConnectionTimeoutError):
                log.warning("upstream.slow", upstream=service, reason=type(error).__name__)
                raise ServiceSlow() from error
            log.warning("upstream.down", upstream=service, reason=type(error).__name__)
            raise ServiceDown() from error

    async def call(
        self,
        service: str,
        method: str,
        path: str,
        *,
        json: object = None,
        headers: Mapping[str, str] | None = None,
        lane: Lane = "own",
        harmless: bool = False,
    ) -> Reply:
        """A small call of the gateway's own, answered whole. Raises like `send`."""
        sent = dict(headers or {})
        body = None
        if json is not None:
            body = jsonlib.dumps(json, allow_nan=False, separators=(",", ":")).encode()
            sent.setdefault("Content-Type", "application/json")
        return await read_reply(
            await self.send(service, method, path, headers=sent, body=body, lane=lane, harmless=harmless)
        )


async def read_reply(answer: aiohttp.ClientResponse) -> Reply:
    """Read an answer to its end and give its connection back. Raises `ServiceDown` where it breaks off."""
    try:
        content = await answer.read()
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise ServiceDown() from error
    finally:
        answer.close()  # what was read whole has given its connection back already
    return Reply(answer.status, answer.headers, content)


class _Arriving:
    """A body that arrives while it is passed on. Its exception is kept: aiohttp reports it as a failed connection."""

    def __init__(self, body: AsyncIterable[bytes]) -> None:
        self._body = body
        self.failure: Exception | None = None

    async def pieces(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._body:
                if piece:
                    yield piece
        except Exception as error:
            self.failure = error
            raise
