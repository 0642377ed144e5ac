"""Connected systems: those that act for a person, and those that the person or their organisation registered."""

from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.kit.client import Gone
from services.gateway.pages.kit.forms import Posted
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import CurrentVisitor, Visitor
from services.gateway.pages.kit.words import say
from shared.reference.scopes import SCOPES

router = page_router()
SYSTEMS = "/account/systems"
CLIENTS = "/v1/accounts/me/clients"
_AUTHORIZATIONS = "/v1/accounts/me/authorizations"
_DONE = ("authorization-ended", "client-changed", "client-ended", "secret-ended")


@router.get(SYSTEMS)
async def show_systems(request: Request, visitor: CurrentVisitor, done: Done = None) -> Response:
    """List the systems that act for the visitor, and the registered ones."""
    authorizations = (await visitor.registration.fetch(_AUTHORIZATIONS)).body["items"]
    clients = [_shown(client, visitor) for client in (await visitor.registration.fetch(CLIENTS)).body["items"]]
    return render_page(
        request,
        "account/systems/overview",
        visitor.lang,
        visitor=visitor,
        authorizations=authorizations,
        clients=clients,
        done=done if done in _DONE else None,
    )


@router.post(SYSTEMS)
async def end_authorization_or_secret(visitor: CurrentVisitor, form: Posted) -> Response:
    """Revoke a system's access, or deactivate one secret."""
    if form["secret_id"]:
        await visitor.registration.delete(f"{CLIENTS}/{form.id('client_id')}/secrets/{form.id('secret_id')}", form)
        return redirect_to(SYSTEMS, done="secret-ended")
    await visitor.registration.delete(f"{_AUTHORIZATIONS}/{form.id('authorization_id')}", form)
    return redirect_to(SYSTEMS, done="authorization-ended")


@router.get(f"{SYSTEMS}/{{client_id}}/end")
async def show_end(client_id: UUID, request: Request, visitor: CurrentVisitor) -> Response:
    """Ask for confirmation before a system is ended."""
    client = await active_client(visitor, client_id)
    return render_page(request, "account/systems/end", visitor.lang, visitor=visitor, system=client["name"])


@router.post(f"{SYSTEMS}/{{client_id}}/end")
async def end_client(client_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """End a client for good, one's own or a colleague's."""
    await visitor.registration.delete(f"{CLIENTS}/{client_id}", form)
    return redirect_to(SYSTEMS, done="client-ended")


async def active_client(visitor: Visitor, client_id: UUID) -> dict[str, Any]:
    """A client that was not ended. Raises `Gone`."""
    client: dict[str, Any] = (await visitor.registration.fetch(f"{CLIENTS}/{client_id}")).body
    if client["revoked_at"] is not None:
        raise Gone()
    return client


def _shown(client: dict[str, Any], visitor: Visitor) -> dict[str, Any]:
    names = [SCOPES[scope].name for scope in client["scopes"]]
    return {
        **client,
        "scopes": [say(name, visitor.lang) for name in names],
        "over": client["revoked_at"] is not None or visitor.is_past(client["expires_at"]),
    }
