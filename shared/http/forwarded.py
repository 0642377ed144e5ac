"""The caller's address behind the gateway: the gateway states it, and proves that it is the gateway.

Anybody who reaches a service directly, over loopback too, can send any header. So an address counts only with the proof
of the key that the gateway and the service share (`ZAIRYU_GATEWAY_KEY`); without it the caller is the connected peer.
"""

import hmac

from fastapi import Request
from pydantic import SecretStr

ADDRESS = "X-Forwarded-For"
PROOF = "X-Forwarded-Proof"
# In place of an address: the gateway asks of its own accord, and for nobody.
GATEWAY = "gateway"
# The kinds of accounts that cannot sign in from there. It can only refuse, so that it needs no proof.
REFUSED_KINDS = "X-Forwarded-Refused"


def stated(key: SecretStr | None, address: str) -> dict[str, str]:
    """The headers with which the gateway states the caller's address; without a key nobody will believe it."""
    return {ADDRESS: address} | ({PROOF: _proof(key.get_secret_value(), address)} if key else {})


def refused_kinds_header(kinds: str) -> dict[str, str]:
    """The header with which the gateway says who cannot sign in from the caller's place."""
    return {REFUSED_KINDS: kinds} if kinds else {}


def refused_kinds(request: Request) -> frozenset[str]:
    """The kinds of accounts that cannot sign in from the caller's place."""
    return frozenset(request.headers.get(REFUSED_KINDS, "").split())


def caller_of(request: Request, key: SecretStr | None) -> str:
    """The address that the gateway states with a right proof, else that of the connection."""
    address = request.headers.get(ADDRESS, "")
    proof = request.headers.get(PROOF, "").encode()
    if key and address and hmac.compare_digest(proof, _proof(key.get_secret_value(), address).encode()):
        return address
    return request.client.host if request.client else "unknown"


def is_gateway(request: Request, key: SecretStr | None) -> bool:
    """Whether the gateway itself asks. Without a key nobody can prove that."""
    return key is not None and caller_of(request, key) == GATEWAY


def _proof(key: str, address: str) -> str:
    return hmac.digest(key.encode(), f"forwarded-for\n{address}".encode(), "sha256").hex()
