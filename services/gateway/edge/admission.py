"""Admission: one look at every request before its route, with the first refusal that applies.

The order, from what costs least to what has to be looked up, is that of docs/gateway.md: block, address, session,
client, place.
"""

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from hashlib import sha256
from typing import Any

from fastapi import Depends, Request

from services.gateway.edge.caller import ActsBy, Caller, caller_of
from services.gateway.edge.context import CurrentGateway
from services.gateway.edge.exposure import is_from_everywhere
from shared.auth import Actor
from shared.errors import Unauthenticated, Unavailable


def admitted(acts_by: ActsBy) -> Any:
    """The dependency of routes that go by this proof. Raises like `admitting`."""

    async def admit(request: Request) -> AsyncIterator[None]:
        async with admitting(caller_of(request, acts_by)):
            yield

    return Depends(admit)


@asynccontextmanager
async def admitting(caller: Caller) -> AsyncIterator[None]:
    """Admit a caller once, for as long as the block lasts.

    Raises `NetworkBlocked`; `RateLimited` for an address, a session or an API client that calls too often; `Busy` for
    an address or a session with too many requests at once; `NotFromHere`. What is still arriving is no request yet:
    `shared.http.bodies` waits for it.
    """
    with ExitStack() as counted:
        if not caller.is_admitted:
            await _admit(caller, counted)
            caller.is_admitted = True
        yield


async def _admit(caller: Caller, counted: ExitStack) -> None:
    gateway = caller.gateway
    gateway.blocked.check(caller.host)
    await gateway.by_address.admit(caller.address)
    counted.enter_context(gateway.at_once.one(caller.address))
    if caller.secret is not None:
        session = sha256(caller.secret.encode()).hexdigest()
        await gateway.by_session.admit(session)
        counted.enter_context(gateway.session_at_once.one(session))
    if caller.token is not None:
        await _count_client(caller)
    await _require_allowed_place(caller)


async def _count_client(caller: Caller) -> None:
    """Count a request of an API client. A token that is not valid counts for nobody: strangers use up no other's."""
    try:
        actor = await caller.actor()
    except (Unauthenticated, Unavailable):
        return
    await caller.gateway.by_client.admit(str(actor.client_id or actor.id))


async def _require_allowed_place(caller: Caller) -> None:
    """Raise `NotFromHere`. Who asks is looked up only where the answer depends on it."""
    gateway = caller.gateway
    await gateway.places.look_again()
    if not (caller.place.people or caller.place.officers) or is_from_everywhere(caller.path):
        return
    try:
        actor = await caller.actor()
    except Unauthenticated:
        actor = Actor.anonymous()  # the route says so to those who may ask from here
    if reason := caller.place.reason_for(actor, gateway.clock.now()):
        raise gateway.places.refuse(caller.place, reason)


async def _notices(request: Request, gateway: CurrentGateway) -> None:
    """Raise `RateLimited` for an address that sends too many notices, and `NetworkBlocked`. Others' addresses have
    windows of their own, so that no stranger can keep those of an outside system away."""
    caller = caller_of(request, ActsBy.NEITHER)
    gateway.blocked.check(caller.host)
    await gateway.notices_by_address.admit(caller.address)


notices_admitted = Depends(_notices)
