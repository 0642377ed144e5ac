"""Blocks: what an operator keeps out for some time, and what nobody may keep out by mistake."""

from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
# What one provider hands out in a region; a larger network is a country's, for which there are rules on places.
LARGEST = {4: 16, 6: 32}
LONGEST = timedelta(days=365)


class BlockKind(StrEnum):
    """Subjects of a block."""

    NETWORK = "network"
    ACCOUNT = "account"
    CLIENT = "client"


class BlockFlaw(StrEnum):
    """Reasons against blocking a network."""

    NO_NETWORK = "no-network"
    TOO_LARGE = "network-too-large"
    OWN = "own-network"


def network_flaw(written: str, operators_address: str) -> BlockFlaw | None:
    """The reason against a block by an operator at `operators_address`; None where there is none."""
    try:
        network = ip_network(written)
    except ValueError:
        return BlockFlaw.NO_NETWORK
    if network.prefixlen < LARGEST[network.version]:
        return BlockFlaw.TOO_LARGE
    return BlockFlaw.OWN if _is_within(operators_address, network) else None


def _is_within(address: str, network: Network) -> bool:
    try:
        own = ip_address(address)
    except ValueError:
        return False
    own = getattr(own, "ipv4_mapped", None) or own
    return own in network
