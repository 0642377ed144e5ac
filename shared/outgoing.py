"""Clients for other HTTP servers, made in one way."""

import ssl
from functools import cache
from typing import Any

import httpx


def http_client(**options: Any) -> httpx.AsyncClient:
    """An HTTP client that connects to the given address alone: no proxy of the environment, no redirects."""
    return httpx.AsyncClient(**{"trust_env": False, "follow_redirects": False, "verify": _certificates(), **options})


@cache
def _certificates() -> ssl.SSLContext:
    # Reading them takes 40 ms, in which nobody is answered: once for all clients.
    return httpx.create_ssl_context(trust_env=False)
