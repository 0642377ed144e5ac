"""Clients for other HTTP servers, made in one way."""

import ssl
from functools import cache
from typing import Any

import httpx

# A connection is used again within this time: servers close idle ones, ours after five seconds and those that end after
# three, and a request that is on its way then is lost.
KEPT_SECONDS = 2.0
_LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=KEPT_SECONDS)


def http_client(**options: Any) -> httpx.AsyncClient:
    """An HTTP client that connects to the given address alone: no proxy of the environment, no redirects."""
    ours = {"trust_env": False, "follow_redirects": False, "verify": _certificates(), "limits": _LIMITS}
    return httpx.AsyncClient(**{**ours, **options})


@cache
def _certificates() -> ssl.SSLContext:
    # Reading them takes 40 ms, in which nobody is answered: once for all clients.
    return httpx.create_ssl_context(trust_env=False)
