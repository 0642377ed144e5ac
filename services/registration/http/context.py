"""Dependencies of routes: the command context, and where a request came from."""

from dataclasses import replace
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Annotated, cast

from fastapi import Depends, Request
from pydantic import Field

from services.registration.context import CommandContext, Visitor
from services.registration.http.device import device_label
from services.registration.http.fields import Secret
from shared.http.forwarded import caller_of
from shared.http.marks import RequestMark
from shared.work import RequestIdentity


def _context(request: Request) -> CommandContext:
    return cast(CommandContext, request.app.state.context)


def _peer(request: Request) -> str:
    """The address of the peer, or of the caller for whom the gateway proves to speak."""
    return caller_of(request, _context(request).settings.gateway_key)


def _address(request: Request) -> str:
    """The address attempts are counted by: the peer's, or what the gateway says; an IPv6 one by its network (/64),
    because a single household has more addresses than there are counters."""
    peer = _peer(request)
    try:
        address = ip_address(peer)
    except ValueError:
        return peer[:100]
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, 64), strict=False).network_address)
    return str(address)


def _visitor(request: Request) -> Visitor:
    return Visitor(_address(request), device_label(request.headers.get("user-agent", "")))


async def secret_mark(mark: RequestMark) -> RequestIdentity:
    """The mark of a request that carries a secret, without key and fingerprint: both may disclose the secret. Such a
    request needs no key, because its secret works once."""
    return replace(mark, idempotency_key=None, fingerprint=None)


# The secret of the session that the browser holds already: it ends with the sign-in.
HeldSession = Annotated[
    Secret | None, Field(description="secret of the session that the browser holds: it ends with this sign-in")
]
CurrentContext = Annotated[CommandContext, Depends(_context)]
CallerAddress = Annotated[str, Depends(_address)]
CallerPeer = Annotated[str, Depends(_peer)]
CallerVisitor = Annotated[Visitor, Depends(_visitor)]
SecretMark = Annotated[RequestIdentity, Depends(secret_mark)]
