"""Whose request it is that the gateway passes on: the gateway states the address, and proves that it is the gateway.

Whoever reaches a service directly, over loopback too, can send any header. So an address counts only with the proof of
who holds the key that the gateway and the service share (`ZAIRYU_GATEWAY_KEY`); without it the caller is who is
connected.
"""

import hmac
from collections.abc import Mapping

ADDRESS = "X-Forwarded-For"
PROOF = "X-Forwarded-Proof"


def stated(key: str | None, address: str) -> dict[str, str]:
    """The headers with which the gateway states the caller's address; without a key nobody will believe it."""
    return {ADDRESS: address} | ({PROOF: _proof(key, address)} if key else {})


def believed(key: str | None, headers: Mapping[str, str], peer: str) -> str:
    """The address that `headers` state with a right proof, else `peer`, the one that is connected."""
    address = headers.get(ADDRESS, "")
    if key and address and hmac.compare_digest(headers.get(PROOF, "").encode(), _proof(key, address).encode()):
        return address
    return peer


def _proof(key: str, address: str) -> str:
    return hmac.digest(key.encode(), f"forwarded-for\n{address}".encode(), "sha256").hex()
