"""The address of a caller, as it is counted."""

import ipaddress


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
