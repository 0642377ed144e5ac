"""The origin of an address, by the grammar of host names: what may stand in a header that names another site."""

import re
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urlsplit

_PLACE = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::(?P<port>[0-9]{1,5}))?")
# RFC 1123 §2.1: letters, digits and hyphens, no hyphen at either end, 63 at most.
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_LONGEST_NAME = 253


def origin_of(url: str) -> str:
    """`scheme://host` or `scheme://host:port` of an http or https URL.

    Raises ValueError where the host is neither a name nor an address, or the port is none: user names, percent signs,
    wildcards and what separates the words of a header are no part of either.
    """
    parts = urlsplit(url)
    place = _PLACE.fullmatch(parts.netloc)
    if parts.scheme not in ("http", "https") or place is None or not _is_host(place["host"]):
        raise ValueError("no address of a site")
    if place["port"] is not None and not 1 <= int(place["port"]) <= 65535:
        raise ValueError("no port")
    return f"{parts.scheme}://{parts.netloc}"


def _is_host(host: str) -> bool:
    try:
        if host.startswith("["):
            return bool(IPv6Address(host[1:-1]))
        labels = host.split(".")
        # A name whose last part is a number is read as an address (WHATWG URL, host parser).
        if labels[-1].isdecimal():
            return bool(IPv4Address(host))
    except ValueError:
        return False
    return len(host) <= _LONGEST_NAME and all(_LABEL.fullmatch(label) for label in labels)
