"""The client that hands a webhook over: one POST, five seconds, no redirect, 64 KB of the answer."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime

import certifi
import httpcore

from services.notification.webhooks.domain.addresses import AddressRefused
from services.notification.webhooks.domain.answers import (
    SHOWN_BYTES,
    Answer,
    Outcome,
    outcome_of,
    retry_after,
    shown_headers,
)
from services.notification.webhooks.outgoing.network import CheckedNetwork, Resolver
from shared.tasks import contained

SECONDS = 5.0
# More of an answer is not read: its connection is closed.
MOST_BYTES = 64 * 1024
_IDLE_SECONDS = 30.0


@dataclass(slots=True)
class _Receiver:
    """The connections to one receiver. `busy` messages are under way; none since `used_at`."""

    pool: httpcore.AsyncConnectionPool
    busy: int = 0
    used_at: float = 0.0


class WebhookClient:
    """Hands messages to receivers, over connections that stay open for the next message to the same one.

    `loopback` lets it reach this machine, also over http. `ca_file` has certificates that sign receivers' in place of
    the public ones. `each` is the number of connections to one receiver.
    """

    def __init__(self, *, each: int, loopback: bool = False, ca_file: str | None = None) -> None:
        self._each = each
        self._certificates = ssl.create_default_context(cafile=ca_file or certifi.where())
        self._resolver = Resolver()
        self._network = CheckedNetwork(self._resolver, loopback=loopback)
        # A pool looks through all of its connections for each request: one for all receivers would take most of the
        # time of a message.
        self._receivers: dict[str, _Receiver] = {}
        self._looked_at = 0.0

    async def close(self) -> None:
        """Close all connections."""
        for receiver in self._receivers.values():
            await receiver.pool.aclose()
        self._receivers.clear()
        self._resolver.close()

    @asynccontextmanager
    async def _connections(self, name: str) -> AsyncIterator[httpcore.AsyncConnectionPool]:
        """The connections to the receiver of that name."""
        if name not in self._receivers:
            self._receivers[name] = _Receiver(self._pool())
        receiver = self._receivers[name]
        receiver.busy += 1
        try:
            yield receiver.pool
        finally:
            receiver.busy -= 1
            receiver.used_at = time.monotonic()

    async def _close_idle(self) -> None:
        """Close connections that were not used for a while. Looks once a second."""
        now = time.monotonic()
        if now - self._looked_at < 1:
            return
        self._looked_at = now
        for name, receiver in list(self._receivers.items()):
            if not receiver.busy and now - receiver.used_at > _IDLE_SECONDS:
                del self._receivers[name]
                await receiver.pool.aclose()

    def _pool(self) -> httpcore.AsyncConnectionPool:
        return httpcore.AsyncConnectionPool(
            ssl_context=self._certificates,
            # Twice as many, so that nobody waits for a connection that is being closed.
            max_connections=2 * self._each,
            max_keepalive_connections=self._each,
            keepalive_expiry=_IDLE_SECONDS,
            network_backend=self._network,
        )

    async def post(self, url: str, headers: Mapping[str, str], body: str, now: datetime, name: str = "") -> Answer:
        """The answer of a receiver, or how it failed to give one. Raises nothing that a receiver can cause.

        Receivers of different `name` share no connection, also where they are at one host.
        """
        begun = Answer(Outcome.TIMED_OUT)
        sent = [(name.encode(), value.encode()) for name, value in headers.items()]
        try:
            async with asyncio.timeout(SECONDS):
                with contained():
                    await self._close_idle()
                    async with (
                        self._connections(name) as pool,
                        pool.stream("POST", url, headers=sent, content=body.encode()) as response,
                    ):
                        # The status decides, however the rest goes.
                        begun = _begun(response, now)
                        return await _with_body(response, begun)
        except TimeoutError:
            return begun
        except AddressRefused:
            return Answer(Outcome.ADDRESS_REFUSED)
        except Exception:
            return begun if begun.status is not None else Answer(Outcome.NOT_REACHED)


def _begun(response: httpcore.Response, now: datetime) -> Answer:
    waits = next((value.decode("latin-1") for name, value in response.headers if name.lower() == b"retry-after"), None)
    return Answer(
        outcome_of(response.status), response.status, shown_headers(response.headers), b"", retry_after(waits, now)
    )


async def _with_body(response: httpcore.Response, begun: Answer) -> Answer:
    read, length = bytearray(), 0
    # Where the connection breaks off, what came of the body is recorded.
    with suppress(httpcore.ReadError, httpcore.RemoteProtocolError):
        async for chunk in response.aiter_stream():
            read += chunk[: max(SHOWN_BYTES - len(read), 0)]
            length += len(chunk)
            if length > MOST_BYTES:
                break
    return replace(begun, body=bytes(read))
