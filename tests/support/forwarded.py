"""A request as the gateway passes it on: whose it is, and the proof that the gateway says so."""

from shared.http.forwarded import stated

GATEWAY_KEY = "a key that the gateway and registration share"


def forwarded(address: str) -> dict[str, str]:
    """The headers of a request that the gateway passes on for `address`."""
    return stated(GATEWAY_KEY, address)
