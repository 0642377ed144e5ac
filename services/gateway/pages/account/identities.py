"""The identity at the provider (マイナンバーカード) that lets a person in: linking it begins at `/identity/start`."""

from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.kit.client import Gone
from services.gateway.pages.kit.forms import FormErrors, Posted
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import CurrentVisitor, FreshVisitor, Visitor
from services.gateway.pages.kit.words import say

router = page_router()
_PATH = "/v1/accounts/me/identities"


async def list_identities(visitor: Visitor) -> list[dict[str, Any]] | None:
    """Those that lead to the visitor's account; None where there can be none."""
    if not visitor.is_person or not say(visitor.gateway.settings.identity_names, visitor.lang):
        return None
    found: list[dict[str, Any]] = (await visitor.registration.fetch(_PATH)).body["items"]
    return found


@router.get("/account/security/identities/{identity_id}/remove")
async def show_removal(identity_id: UUID, request: Request, visitor: FreshVisitor) -> Response:
    """Ask for confirmation of the removal."""
    if str(identity_id) not in [one["id"] for one in await list_identities(visitor) or ()]:
        raise Gone()
    return _page(request, visitor)


@router.post("/account/security/identities/{identity_id}/remove")
async def remove(identity_id: UUID, request: Request, visitor: CurrentVisitor, form: Posted) -> Response:
    """Remove it; registration keeps the only way to sign in."""
    answer = await visitor.registration.delete(f"{_PATH}/{identity_id}", form)
    if errors := answer.form_errors(visitor.lang):
        return _page(request, visitor, errors)
    return redirect_to("/account/security", done="identity-removed")


def _page(request: Request, visitor: Visitor, errors: FormErrors | None = None) -> Response:
    identity = say(visitor.gateway.settings.identity_names, visitor.lang)
    return render_page(
        request, "account/identities/remove", visitor.lang, visitor=visitor, errors=errors, identity=identity
    )
