"""Connections to strangers' servers: the name is resolved once, every address is checked, and one of them is taken."""

import asyncio
import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpcore

from services.notification.webhooks.domain.addresses import check_addresses

# Threads that wait for a name server; each name has one at most, however many messages wait for it.
_RESOLVERS = 32


class Resolver:
    """Resolves names in threads of its own, so that a name server that hangs holds nothing else."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_RESOLVERS, thread_name_prefix="webhook-names")
        self._asked: dict[tuple[str, int], asyncio.Future[list[str]]] = {}

    async def addresses(self, host: str, port: int) -> list[str]:
        """The numeric addresses of a host, in the order in which to try them. Raises `OSError`."""
        key = host, port
        if key not in self._asked:
            looked_up = asyncio.get_running_loop().run_in_executor(self._threads, _look_up, host, port)
            self._asked[key] = looked_up
            looked_up.add_done_callback(lambda done: self._answered(key, done))
        # Shielded: who gives up leaves the answer to the others that wait for it.
        return await asyncio.shield(self._asked[key])

    def _answered(self, key: tuple[str, int], done: asyncio.Future[list[str]]) -> None:
        del self._asked[key]
        if not done.cancelled():
            done.exception()  # nobody may be left who waits for it

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _look_up(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a label that no name can have
        raise OSError("not a name") from error
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


class CheckedNetwork(httpcore.AsyncNetworkBackend):
    """Connects to the addresses that a name has at this moment, where all of them are public.

    TLS above it still asks for the certificate of the name, and HTTP still names it.
    """

    def __init__(self, resolver: Resolver, *, loopback: bool) -> None:
        self._resolver = resolver
        self._loopback = loopback
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises `AddressRefused`, or httpcore's `ConnectError` where no address can be reached."""
        try:
            found = await self._resolver.addresses(host, port)
        except OSError as error:
            raise httpcore.ConnectError("no such name") from error
        failed: Exception = httpcore.ConnectError("no address")
        for address in check_addresses(found, loopback=self._loopback):
            try:
                return await self._plain.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.AsyncNetworkStream:
        raise httpcore.ConnectError("no sockets of this machine")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
