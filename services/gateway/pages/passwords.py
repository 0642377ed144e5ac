"""Changing one's own password."""

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.forms import Posted, Trouble
from services.gateway.pages.frame import page, page_router, see
from services.gateway.pages.visitors import CurrentVisitor, FreshVisitor, Visitor
from services.gateway.texts import PAGES

router = page_router()


@router.get("/account/security/password")
async def password_form(request: Request, visitor: FreshVisitor) -> Response:
    """Asks for the new password, twice, because it cannot be seen."""
    return await _page(request, visitor)


@router.post("/account/security/password")
async def password_changed(request: Request, visitor: CurrentVisitor, form: Posted) -> Response:
    """Set it; other sessions end."""
    texts = PAGES[visitor.lang]
    trouble = Trouble.at(texts["required"], *form.empty("password", "password_again"))
    if trouble is None and form["password"] != form["password_again"]:
        trouble = Trouble.at(texts["password_differs"], "password_again")
    if trouble is None:
        answer = await visitor.ask("POST", "/v1/accounts/me/password", {"password": form["password"]})
        trouble = answer.trouble(visitor.lang, {"/password": "password"})
    if trouble is None:
        return see("/account/security", done="password")
    return await _page(request, visitor, trouble)


async def _page(request: Request, visitor: Visitor, trouble: Trouble | None = None) -> Response:
    # The login id goes along unseen, so that the browser's password store knows which entry changes.
    login_id = (await visitor.fetch("/v1/accounts/me")).body["login_id"] or ""
    return page(request, "own_password", visitor.lang, visitor=visitor, trouble=trouble, login_id=login_id)
