"""Many networks in which one address is looked up at once: a list of VPN exits has tens of thousands."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

Address = IPv4Address | IPv6Address


class Networks:
    """Networks in CIDR notation, or single addresses. Raises `ValueError`, which names the entry that is neither."""

    def __init__(self, listed: Iterable[Any]) -> None:
        self._prefixes: dict[tuple[int, int], set[int]] = {}
        self._count = 0
        for entry in listed:
            try:
                network = ip_network(entry)
            except ValueError:
                raise ValueError(f"{str(entry)[:60]!r} is no network such as 192.0.2.0/24 or 2001:db8::/32") from None
            shift = network.max_prefixlen - network.prefixlen
            self._prefixes.setdefault((network.version, shift), set()).add(int(network.network_address) >> shift)
            self._count += 1

    def __len__(self) -> int:
        return self._count

    def __contains__(self, address: Address) -> bool:
        number = int(address)
        return any(
            version == address.version and number >> shift in known
            for (version, shift), known in self._prefixes.items()
        )


def read_address(host: str | None) -> Address | None:
    """The address of a caller, IPv4 also where it was written as IPv6; None for a socket without one."""
    try:
        address = ip_address(host or "")
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
