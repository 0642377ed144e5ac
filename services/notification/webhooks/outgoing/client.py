"""The client that hands a webhook over: one POST, five seconds, no redirect, 64 KB of the answer."""

import asyncio
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
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


class WebhookClient:
    """Hands messages to receivers, over connections that stay open for the next message to the same one.

    `loopback` lets it reach this machine, also over http. `ca_file` has certificates that sign receivers' in place of
    the public ones. `places` is the number of messages that are under way at the same time.
    """

    def __init__(self, *, places: int, loopback: bool = False, ca_file: str | None = None) -> None:
        self._resolver = Resolver()
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl.create_default_context(cafile=ca_file or certifi.where()),
            # Twice as many, so that nobody waits for a connection that is being closed.
            max_connections=2 * places,
            max_keepalive_connections=places,
            keepalive_expiry=_IDLE_SECONDS,
            network_backend=CheckedNetwork(self._resolver, loopback=loopback),
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.aclose()
        self._resolver.close()

    async def post(self, url: str, headers: Mapping[str, str], body: str, now: datetime) -> Answer:
        """The answer of a receiver, or how it failed to give one. Raises nothing that a receiver can cause."""
        begun = Answer(Outcome.TIMED_OUT)
        sent = [(name.encode(), value.encode()) for name, value in headers.items()]
        try:
            async with asyncio.timeout(SECONDS):
                with contained():
                    async with self._pool.stream("POST", url, headers=sent, content=body.encode()) as response:
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
