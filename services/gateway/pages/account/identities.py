"""The identity at the provider (マイナンバーカード) that lets a person in: linking it begins at `/identity/start`."""

from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.kit.client import Gone
from services.gateway.pages.kit.forms import Trouble
from services.gateway.pages.kit.frame import page, page_router, see
from services.gateway.pages.kit.visitor import CurrentVisitor, FreshVisitor, Visitor

router = page_router()
_PATH = "/v1/accounts/me/identities"


async def identities_of(visitor: Visitor) -> list[dict[str, Any]] | None:
    """Those that lead to the visitor's account; None where there can be none."""
    if not visitor.is_person or not visitor.desk.settings.identity_names[visitor.lang]:
        return None
    found: list[dict[str, Any]] = (await visitor.registration.fetch(_PATH)).body["items"]
    return found


@router.get("/account/security/identities/{identity_id}/remove")
async def removal_form(identity_id: UUID, request: Request, visitor: FreshVisitor) -> Response:
    """Asks before it is taken away."""
    if str(identity_id) not in [one["id"] for one in await identities_of(visitor) or ()]:
        raise Gone()
    return _page(request, visitor)


@router.post("/account/security/identities/{identity_id}/remove")
async def removed(identity_id: UUID, request: Request, visitor: CurrentVisitor) -> Response:
    """Take it away; registration keeps it where it is the only way in."""
    answer = await visitor.registration.call("DELETE", f"{_PATH}/{identity_id}")
    if trouble := answer.trouble(visitor.lang):
        return _page(request, visitor, trouble)
    return see("/account/security", done="identity-removed")


def _page(request: Request, visitor: Visitor, trouble: Trouble | None = None) -> Response:
    identity = visitor.desk.settings.identity_names[visitor.lang]
    return page(request, "account/identities/remove", visitor.lang, visitor=visitor, trouble=trouble, identity=identity)
