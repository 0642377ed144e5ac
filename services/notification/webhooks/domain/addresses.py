"""Addresses that a webhook may have, and the network addresses that it may reach.

The second rule is the one that counts: it is asked of the resolved address at every connection, because a name can
lead to another place by then, and an address can be written in many ways (docs/decisions/0803).
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from shared.errors import Text
from shared.origins import origin_of

# The sentence for an address that `webhook_url` does not take.
WANTED = Text(
    "https で始まる、インターネット上の公開アドレスを指定してください（例：https://hr.example.co.jp/zairyu）",
    "Give an https address that is public on the internet, like https://hr.example.co.jp/zairyu",
)

# Unicast that is routed on the internet (IANA, IPv6 address space). It leaves out everything that carries an IPv4
# address inside: mapped (::ffff:0:0/96), compatible (::/96), NAT64 (64:ff9b::/96).
_ROUTED = IPv6Network("2000::/3")
# Within it, what leads elsewhere: Teredo and other protocols (RFC 2928), examples, 6to4 (an IPv4 address inside).
_NOT_ROUTED = tuple(IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
# What Python counts as global and is none of the public's: protocols (RFC 6890; a cloud's metadata are at 192.0.0.192),
# the relay of 6to4, and the host of a cloud's machines.
_NOT_PUBLIC = tuple(IPv4Network(text) for text in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32"))


class AddressRefused(Exception):
    """A connection that must not be made: the name leads into a network that is not public."""


def webhook_url(text: str, *, loopback: bool = False) -> str:
    """The address of a webhook, as it was given: https, with `loopback` also http at this machine.

    Raises ValueError for another scheme, a user name, a fragment, a host that is neither a name nor an address in its
    usual form, and an address that is not public.
    """
    if any(not "!" <= character <= "~" for character in text) or any(each in text for each in '\\"<>^`{|}#'):
        raise ValueError("not an address")
    origin_of(text)
    parts = urlsplit(text)
    host = parts.hostname or ""
    if parts.scheme != "https" and not (loopback and host in ("127.0.0.1", "::1", "localhost")):
        raise ValueError("https alone")
    try:
        literal = ip_address(host)
    except ValueError:
        return text
    if not is_allowed(literal, loopback=loopback):
        raise ValueError("not a public address")
    return text


def check_addresses(found: Sequence[str], *, loopback: bool = False) -> list[str]:
    """The numeric addresses to which a name leads, where every one of them may be reached. Raises `AddressRefused`.

    One that may not be is enough to refuse: who mixes them tries which of them is taken.
    """
    addresses = [ip_address(text.partition("%")[0]) for text in found]
    if not addresses or not all(is_allowed(each, loopback=loopback) for each in addresses):
        raise AddressRefused
    return list(found)


def is_allowed(address: IPv4Address | IPv6Address, *, loopback: bool = False) -> bool:
    """Whether a webhook may reach `address`: a public one, with `loopback` also this machine."""
    if loopback and address.is_loopback:
        return True
    if isinstance(address, IPv6Address):
        return address in _ROUTED and not any(address in each for each in _NOT_ROUTED)
    return address.is_global and not address.is_multicast and not any(address in each for each in _NOT_PUBLIC)
