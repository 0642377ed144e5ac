"""An account's means of signing in, at a glance."""

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.account.identities import list_identities
from services.gateway.pages.kit.frame import Done, page_router, render_page
from services.gateway.pages.kit.visitor import CurrentVisitor
from services.gateway.pages.kit.words import say

router = page_router()
_DONE = ("password", "app-removed", "passkey-added", "passkey-removed", "identity-linked", "identity-removed")


@router.get("/account/security")
async def show_security(request: Request, visitor: CurrentVisitor, done: Done = None) -> Response:
    """Password, second factor, passkeys, identity."""
    factor = (await visitor.registration.fetch("/v1/accounts/me/second-factor")).body
    return render_page(
        request,
        "account/security/security",
        visitor.lang,
        visitor=visitor,
        factor=factor,
        identities=await list_identities(visitor),
        identity=say(visitor.gateway.settings.identity_names, visitor.lang),
        done=done if done in _DONE else None,
    )
