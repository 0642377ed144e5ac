"""A request as the gateway passes it on: whose it is, and the proof that the gateway says so."""

from pydantic import SecretStr

from shared.http.forwarded import stated

GATEWAY_KEY = "a key that the gateway and services share"


def forwarded(address: str) -> dict[str, str]:
    """The headers of a request that the gateway passes on for `address`."""
    return stated(SecretStr(GATEWAY_KEY), address)
