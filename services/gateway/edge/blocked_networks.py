"""Networks that operators have blocked: no request from there is answered, on whatever page or route."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime

from prometheus_client import Counter

from services.gateway.edge.places.networks import Networks, read_address
from shared.auth.published import Document, Fetch, Published, over_http
from shared.clock import Clock
from shared.errors import Forbidden, Text

REFUSED = Counter("zairyu_blocked_network_refusals_total", "Requests from networks that operators have blocked")


class NetworkBlocked(Forbidden):
    """The caller's network is blocked for some time."""

    code = "network-blocked"
    title = Text(
        "お使いのネットワークからの接続を停止しています", "Connections from your network are blocked for some time"
    )


class BlockedNetworks:
    """The list that registration publishes, fetched again every 15 seconds. While registration is away it stays."""

    def __init__(self, fetch: Fetch | None, clock: Clock) -> None:
        self._clock = clock
        self._published: Published[Mapping[datetime, Networks]] = Published(
            "blocked-networks", {}, _parse, fetch, clock=clock
        )

    @classmethod
    def at(cls, registration_url: str, clock: Clock) -> "BlockedNetworks":
        """The list that the registration service publishes."""
        return cls(over_http(registration_url, "blocked-networks.json"), clock)

    def check(self, host: str | None) -> None:
        """Raise `NetworkBlocked` for an address in a network whose block has not ended."""
        held = self._published.held
        address = read_address(host) if held else None
        if address is None:
            return
        now = self._clock.now()
        if any(until > now and address in networks for until, networks in held.items()):
            REFUSED.inc()
            raise NetworkBlocked()

    async def refresh(self) -> bool:
        """Fetch the list now; False, with the old one kept, where that fails."""
        return await self._published.refresh()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep the list fresh in the background for as long as the block lasts."""
        async with self._published.running():
            yield


def _parse(document: Document) -> Mapping[datetime, Networks]:
    """The networks by the end of their block."""
    by_end: dict[datetime, list[str]] = {}
    for each in document["networks"]:
        by_end.setdefault(datetime.fromisoformat(each["until"]), []).append(each["network"])
    return {until: Networks(listed) for until, listed in by_end.items()}
