"""Connections to strangers' servers: the name is resolved once, every address is checked, and one of them is taken."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.connector import AddrInfoType, SocketFactoryType

from services.notification.webhooks.domain.addresses import check_addresses

# Threads that wait for a name server; each name has one at most, however many messages wait for it.
_RESOLVERS = 32


class CheckedResolver(AbstractResolver):
    """Resolves names to their addresses where all of them are public.

    It has threads of its own, so that a name server that hangs holds nothing else. TLS above it still asks for the
    certificate of the name, and HTTP still names it.
    """

    def __init__(self, *, loopback: bool) -> None:
        self._loopback = loopback
        self._threads = ThreadPoolExecutor(_RESOLVERS, thread_name_prefix="webhook-names")
        self._asked: dict[tuple[str, int], asyncio.Future[list[str]]] = {}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of a host, in the order in which to try them. Raises `OSError` or `AddressRefused`."""
        key = host, port
        if key not in self._asked:
            looked_up = asyncio.get_running_loop().run_in_executor(self._threads, _look_up, host, port)
            self._asked[key] = looked_up
            looked_up.add_done_callback(lambda done: self._answered(key, done))
        # Shielded: who gives up leaves the answer to the others that wait for it.
        found = await asyncio.shield(self._asked[key])
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in check_addresses(found, loopback=self._loopback)
        ]

    def _answered(self, key: tuple[str, int], done: asyncio.Future[list[str]]) -> None:
        del self._asked[key]
        if not done.cancelled():
            done.exception()  # nobody may be left who waits for it

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def checked_sockets(*, loopback: bool) -> SocketFactoryType:
    """A maker of sockets for connections that are about to be made: for public addresses alone.

    Addresses that stand in the place of a name never come to a resolver; nothing is connected to past this.
    """

    def open_socket(place: AddrInfoType) -> socket.socket:
        """Raises `AddressRefused`."""
        family, kind, protocol, _, address = place
        check_addresses([str(address[0])], loopback=loopback)
        return socket.socket(family, kind, protocol)

    return open_socket


def _look_up(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a label that no name can have
        raise OSError("not a name") from error
    return list(dict.fromkeys(str(place[0]) for *_, place in found))
