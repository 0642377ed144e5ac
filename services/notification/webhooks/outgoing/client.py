"""The client that hands a webhook over: one POST, five seconds, no redirect, 64 KB of the answer."""

import asyncio
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime

import aiohttp
import certifi
from yarl import URL

from services.notification.webhooks.domain.addresses import AddressRefused
from services.notification.webhooks.domain.answers import (
    SHOWN_BYTES,
    Answer,
    Outcome,
    outcome_of,
    retry_after,
    shown_headers,
)
from services.notification.webhooks.outgoing.network import CheckedResolver, checked_sockets
from shared.tasks import contained

SECONDS = 5.0
# More of an answer is not read: its connection is closed.
MOST_BYTES = 64 * 1024
_IDLE_SECONDS = 30.0
# What aiohttp would add of its own: receivers get what the log shows.
_NOTHING_ADDED = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


@dataclass(slots=True)
class _Receiver:
    """The connections to one receiver. `busy` messages are under way; none since `used_at`."""

    session: aiohttp.ClientSession
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
        self._resolver = CheckedResolver(loopback=loopback)
        self._open_socket = checked_sockets(loopback=loopback)
        self._receivers: dict[str, _Receiver] = {}
        self._looked_at = 0.0

    async def close(self) -> None:
        """Close all connections."""
        for receiver in self._receivers.values():
            await receiver.session.close()
        self._receivers.clear()
        await self._resolver.close()

    @contextmanager
    def _session(self, name: str) -> Iterator[aiohttp.ClientSession]:
        """The connections to the receiver of that name, which are in use meanwhile."""
        receiver = self._receivers.get(name)
        if receiver is None:
            receiver = self._receivers[name] = _Receiver(self._new_session())
        receiver.busy += 1
        try:
            yield receiver.session
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
                await receiver.session.close()

    def _new_session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                ssl=self._certificates,
                limit=self._each,
                keepalive_timeout=_IDLE_SECONDS,
                resolver=self._resolver,
                use_dns_cache=False,  # each connection asks again
                socket_factory=self._open_socket,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),  # `post` has one for all
            auto_decompress=False,
            skip_auto_headers=_NOTHING_ADDED,
        )

    async def post(self, url: str, headers: Mapping[str, str], body: str, now: datetime, name: str = "") -> Answer:
        """The answer of a receiver, or how it failed to give one. Raises nothing that a receiver can cause.

        Receivers of different `name` share no connection, also where they are at one host.
        """
        begun = Answer(Outcome.TIMED_OUT)
        try:
            async with asyncio.timeout(SECONDS):
                with contained(), self._session(name) as session:
                    await self._close_idle()
                    address = URL(url, encoded=True)
                    async with session.post(
                        address, headers=headers, data=body.encode(), allow_redirects=False
                    ) as response:
                        # The status decides, however the rest goes.
                        begun = _begun(response, now)
                        return await _with_body(response, begun)
        except TimeoutError:
            return begun
        except AddressRefused:
            return Answer(Outcome.ADDRESS_REFUSED)
        except Exception:
            return begun if begun.status is not None else Answer(Outcome.NOT_REACHED)


def _begun(response: aiohttp.ClientResponse, now: datetime) -> Answer:
    return Answer(
        outcome_of(response.status),
        response.status,
        shown_headers(response.raw_headers),
        b"",
        retry_after(response.headers.get("Retry-After"), now),
    )


async def _with_body(response: aiohttp.ClientResponse, begun: Answer) -> Answer:
    read, length = bytearray(), 0
    # Where the connection breaks off, what was read of the body is recorded.
    with suppress(aiohttp.ClientError):
        async for chunk in response.content.iter_any():
            read += chunk[: max(SHOWN_BYTES - len(read), 0)]
            length += len(chunk)
            if length > MOST_BYTES:
                response.close()
                break
    return replace(begun, body=bytes(read))
