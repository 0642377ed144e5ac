"""Calls to the services: one bounded connection pool each, so that a slow service does not take the others along."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

import httpx
import structlog

from shared.errors import Problem, Text, Unavailable
from shared.outgoing import http_client

log = structlog.get_logger(__name__)

CONNECT_SECONDS = 2.0
# Shorter than uvicorn's 5 s: a connection is dropped here before the service drops it under a request.
KEEPALIVE_SECONDS = 2.0
CONNECTIONS = 100


class ServiceDown(Unavailable):
    """A service behind the gateway does not answer."""

    code = "service-down"
    title = Text("サービスに接続できません", "A service cannot be reached")


class ServiceSlow(Problem):
    """A service took longer than allowed. Whether it did the work is not known: repeat with the same key."""

    status = 504
    code = "service-slow"
    title = Text("応答に時間がかかっています", "The answer takes too long")


class Upstreams:
    """HTTP clients by service name."""

    def __init__(self, services: Mapping[str, str], seconds: float) -> None:
        self.services = dict(services)
        timeout = httpx.Timeout(seconds, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS)
        limits = httpx.Limits(max_connections=CONNECTIONS, keepalive_expiry=KEEPALIVE_SECONDS)
        self._clients = {name: http_client(timeout=timeout, limits=limits) for name in self.services}
        self._timeout = timeout
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        for client in self._clients.values():
            await self._stack.enter_async_context(client)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def send(self, service: str, request: httpx.Request) -> httpx.Response:
        """The answer's head; its body is still to be read, and the answer to be closed.

        `request` is sent as it is: no default headers and no cookies are added.
        Raises `ServiceDown` (503) or `ServiceSlow` (504).
        """
        request.extensions.setdefault("timeout", self._timeout.as_dict())
        try:
            return await self._clients[service].send(request, stream=True)
        except (httpx.ReadTimeout, httpx.WriteTimeout) as error:
            log.warning("upstream.slow", upstream=service, reason=type(error).__name__)
            raise ServiceSlow() from error
        except httpx.TransportError as error:
            log.warning("upstream.down", upstream=service, reason=type(error).__name__)
            raise ServiceDown() from error

    async def call(
        self, service: str, method: str, path: str, *, json: object = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """A small call of the gateway's own, answered whole. Raises like `send`."""
        url = f"{self.services[service]}{path}"
        answer = await self.send(service, httpx.Request(method, url, json=json, headers=headers))
        try:
            await answer.aread()
        except httpx.TransportError as error:
            raise ServiceDown() from error
        finally:
            await answer.aclose()
        return answer
