"""Recovery codes: shown once when they are made, and made again."""

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.shown_once import drop_note, keep_note, read_note
from services.gateway.pages.kit.visitor import CurrentVisitor, FreshVisitor, Visitor

router = page_router()
CODES = "/account/security/recovery-codes/shown"
_NOTE = "codes"


@router.get("/account/security/recovery-codes")
async def show_renewal(request: Request, visitor: FreshVisitor) -> Response:
    """Ask for confirmation before the codes in force become invalid."""
    return render_page(request, "account/recovery_codes/renewal", visitor.lang, visitor=visitor)


@router.post("/account/security/recovery-codes")
async def renew(request: Request, visitor: CurrentVisitor) -> Response:
    """Ten new codes."""
    answer = await visitor.registration.call("POST", "/v1/accounts/me/recovery-codes")
    if errors := answer.form_errors(visitor.lang):
        return render_page(request, "account/recovery_codes/renewal", visitor.lang, visitor=visitor, errors=errors)
    return redirect_to_codes(visitor, answer.body["recovery_codes"])


@router.get(CODES)
async def show_codes(request: Request, visitor: CurrentVisitor) -> Response:
    """The codes that were just made, to be printed or written down; afterwards, that they cannot be shown again."""
    me = (await visitor.registration.fetch("/v1/accounts/me")).body
    made = read_note(request, visitor.gateway, _NOTE, visitor.actor.session_id)
    return render_page(
        request, "account/recovery_codes/shown", visitor.lang, visitor=visitor, made=made, login_id=me["login_id"]
    )


@router.post(CODES)
async def confirm_codes(visitor: CurrentVisitor) -> Response:
    """Drop the codes: they were printed or written down."""
    response = redirect_to("/account/security")
    drop_note(response, visitor.gateway, _NOTE)
    return response


def redirect_to_codes(visitor: Visitor, codes: list[str]) -> Response:
    """Redirect to the page that shows the codes, for some minutes."""
    response = redirect_to(CODES)
    made = {"codes": codes, "at": visitor.gateway.clock.now().isoformat()}
    keep_note(response, visitor.gateway, _NOTE, visitor.actor.session_id, made)
    return response
