"""Changing one's own password, and setting the first one."""

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.kit.forms import Posted, Trouble
from services.gateway.pages.kit.frame import page, page_router, see
from services.gateway.pages.kit.missing_fields import missing
from services.gateway.pages.kit.proofs import by_password
from services.gateway.pages.kit.visitor import CurrentVisitor, Visitor
from services.gateway.texts import PAGES

router = page_router()
_FIELDS = {
    "/password": "password",
    "/present_password": "present_password",
    "password-not-right": "present_password",
}


@router.get("/account/security/password")
async def password_form(request: Request, visitor: CurrentVisitor) -> Response:
    """Asks for the new password, twice, and for the present one, unless another proof came before."""
    return await _page(request, visitor)


@router.post("/account/security/password")
async def password_changed(request: Request, visitor: CurrentVisitor, form: Posted) -> Response:
    """Set it; other sessions end."""
    texts = PAGES[visitor.lang]
    present = ["present_password"] if await by_password(visitor) else []
    trouble = missing(visitor.lang, *form.empty(*present, "password", "password_again"))
    if trouble is None and form["password"] != form["password_again"]:
        trouble = Trouble.at(texts["password"]["differs"], "password_again")
    if trouble is None:
        body = form.given(*present, "password")
        trouble = (await visitor.registration.call("POST", "/v1/accounts/me/password", body)).trouble(
            visitor.lang, _FIELDS
        )
    if trouble is None:
        return see("/account/security", done="password")
    return await _page(request, visitor, trouble)


async def _page(request: Request, visitor: Visitor, trouble: Trouble | None = None) -> Response:
    asks_present = await by_password(visitor)
    # The login id goes along unseen, so that the browser's password store knows which entry changes.
    login_id = (await visitor.registration.fetch("/v1/accounts/me")).body["login_id"] or ""
    has_password = (await visitor.registration.fetch("/v1/accounts/me/second-factor")).body["has_password"]
    return page(
        request,
        "account/password/password",
        visitor.lang,
        script=True,
        visitor=visitor,
        trouble=trouble,
        login_id=login_id,
        asks_present=asks_present,
        has_password=has_password,
    )
