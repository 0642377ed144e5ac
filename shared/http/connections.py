"""The connections of one listening port: bounded in all and per address, and those that wait longest give way."""

from collections.abc import Collection, Iterable
from typing import Protocol

from shared.http.addresses import is_among, networks
from shared.http.limits import ServerLimits


class Connection(Protocol):
    """A connection as the register sees it."""

    address: str
    last_received: float

    @property
    def waiting(self) -> bool:
        """Whether it is the caller's turn: no request, or one that has not arrived whole."""

    def give_way(self) -> None:
        """Close, because another connection needs the place."""


class Connections:
    """The register. `exempt` are addresses and networks of proxies, behind which many callers are; `*` is any."""

    def __init__(self, limits: ServerLimits, exempt: Collection[str] = ()) -> None:
        self._limits = limits
        self._exempt = networks(exempt)
        self._by_address: dict[str, set[Connection]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def is_exempt(self, address: str) -> bool:
        """Whether an address is that of a proxy."""
        return is_among(address, self._exempt)

    def admit(self, connection: Connection) -> bool:
        """Take a connection into the register.

        Where its address has all its connections already, the one that has been silent longest gives way; where the
        port has all of them, one of the address with the most. False where all of these are being answered.
        """
        own = self._by_address.get(connection.address, set())
        most = self._limits.connections_per_address
        if (
            most is not None
            and len(own) >= most
            and not self.is_exempt(connection.address)
            and not self._make_room(own)
        ):
            return False
        if self._count >= self._limits.connections:
            crowd = max(self._by_address.values(), key=len)
            if not self._make_room(crowd):
                return False
        self._by_address.setdefault(connection.address, set()).add(connection)
        self._count += 1
        return True

    def remove(self, connection: Connection) -> None:
        """Take a connection off the register; nothing where it is not in it."""
        own = self._by_address.get(connection.address)
        if own is None or connection not in own:
            return
        own.discard(connection)
        self._count -= 1
        if not own:
            del self._by_address[connection.address]

    def _make_room(self, among: Iterable[Connection]) -> bool:
        waiting = [connection for connection in among if connection.waiting]
        if not waiting:
            return False
        silent = min(waiting, key=lambda connection: connection.last_received)
        self.remove(silent)
        silent.give_way()
        return True
