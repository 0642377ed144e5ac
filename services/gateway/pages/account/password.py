"""Changing one's own password, and setting the first one."""

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.kit.forms import FormErrors, Posted, missing_fields
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.proofs import requires_password
from services.gateway.pages.kit.visitor import CurrentVisitor, Visitor
from services.gateway.texts import PAGES

router = page_router()
_FIELDS = {
    "/password": "password",
    "/present_password": "present_password",
    "password-not-right": "present_password",
}


@router.get("/account/security/password")
async def show_password(request: Request, visitor: CurrentVisitor) -> Response:
    """Ask for the new password, twice, and for the present one, unless another proof came before."""
    return await _page(request, visitor)


@router.post("/account/security/password")
async def change_password(request: Request, visitor: CurrentVisitor, form: Posted) -> Response:
    """Set it; other sessions end."""
    texts = PAGES[visitor.lang]
    present = ["present_password"] if await requires_password(visitor) else []
    errors = missing_fields(visitor.lang, *form.empty(*present, "password", "password_again"))
    if errors is None and form["password"] != form["password_again"]:
        errors = FormErrors.on(texts["password"]["differs"], "password_again")
    if errors is None:
        body = form.given(*present, "password")
        errors = (await visitor.registration.call("POST", "/v1/accounts/me/password", body)).form_errors(
            visitor.lang, _FIELDS
        )
    if errors is None:
        return redirect_to("/account/security", done="password")
    return await _page(request, visitor, errors)


async def _page(request: Request, visitor: Visitor, errors: FormErrors | None = None) -> Response:
    asks_present = await requires_password(visitor)
    # The login id goes along unseen, so that the browser's password store knows which entry changes.
    login_id = (await visitor.registration.fetch("/v1/accounts/me")).body["login_id"] or ""
    has_password = (await visitor.registration.fetch("/v1/accounts/me/second-factor")).body["has_password"]
    return render_page(
        request,
        "account/password/password",
        visitor.lang,
        scripts=("passkeys.js",),
        visitor=visitor,
        errors=errors,
        login_id=login_id,
        asks_present=asks_present,
        has_password=has_password,
    )
