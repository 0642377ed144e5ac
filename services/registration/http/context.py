"""Dependencies of routes: the command context, and where a request came from."""

from dataclasses import replace
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Annotated, cast

from fastapi import Depends, Request
from pydantic import Field

from services.registration.context import CommandContext, Visitor
from services.registration.http.device import device_label
from services.registration.http.fields import Secret
from shared.http.forwarded import caller_of, refused_kinds
from shared.http.marks import RequestMark
from shared.work import RequestIdentity


async def _context(request: Request) -> CommandContext:
    return cast(CommandContext, request.app.state.context)


async def _peer(request: Request, context: Annotated[CommandContext, Depends(_context)]) -> str:
    """The address of the peer, or of the caller for whom the gateway proves to speak."""
    return caller_of(request, context.settings.gateway_key)


async def _address(peer: Annotated[str, Depends(_peer)]) -> str:
    """The address attempts are counted by: the peer's, or what the gateway says; an IPv6 one by its network (/64),
    because a single household has more addresses than there are counters."""
    try:
        address = ip_address(peer)
    except ValueError:
        return peer[:100]
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, 64), strict=False).network_address)
    return str(address)


async def _visitor(request: Request, address: Annotated[str, Depends(_address)]) -> Visitor:
    device = device_label(request.headers.get("user-agent", ""))
    return Visitor(address, device, refused=refused_kinds(request))


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
