"""Addresses of callers, as they are counted, and of proxies."""

import ipaddress
from collections.abc import Iterable, Sequence

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_ANY: tuple[Network, ...] = (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0"))


def address_key(host: str | None) -> str:
    """The caller's address; of IPv6 the /64, because one household has all of it."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def networks(named: Iterable[str]) -> Sequence[Network]:
    """The addresses and networks that a setting lists, `*` for any. Anything else (a socket's path) is left out."""
    found: list[Network] = []
    for name in (each.strip() for each in named):
        if name == "*":
            return _ANY
        try:
            found.append(ipaddress.ip_network(name, strict=False))
        except ValueError:
            continue
    return found


def is_among(key: str, known: Sequence[Network]) -> bool:
    """Whether an address, or the network that `address_key` made of it, lies in one of `known` or has one inside."""
    try:
        own = ipaddress.ip_network(key)
    except ValueError:
        return False
    return any(own.version == each.version and own.overlaps(each) for each in known)
