"""Recovery codes: shown once when they are made, and made again."""

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.kit.frame import page, page_router, see
from services.gateway.pages.kit.shown_once import drop, keep, kept
from services.gateway.pages.kit.visitor import CurrentVisitor, FreshVisitor, Visitor

router = page_router()
CODES = "/account/security/recovery-codes/shown"
_NOTE = "codes"


@router.get("/account/security/recovery-codes")
async def renewal_form(request: Request, visitor: FreshVisitor) -> Response:
    """Asks before the codes in force are thrown away."""
    return page(request, "account/recovery_codes/renewal", visitor.lang, visitor=visitor)


@router.post("/account/security/recovery-codes")
async def renewed(request: Request, visitor: CurrentVisitor) -> Response:
    """Ten new codes."""
    answer = await visitor.registration.call("POST", "/v1/accounts/me/recovery-codes")
    if trouble := answer.trouble(visitor.lang):
        return page(request, "account/recovery_codes/renewal", visitor.lang, visitor=visitor, trouble=trouble)
    return to_codes(visitor, answer.body["recovery_codes"])


@router.get(CODES)
async def codes_shown(request: Request, visitor: CurrentVisitor) -> Response:
    """The codes that were just made, to be printed or written down; afterwards, that they cannot be shown again."""
    me = (await visitor.registration.fetch("/v1/accounts/me")).body
    made = kept(request, visitor.desk, _NOTE, visitor.actor.session_id)
    return page(
        request, "account/recovery_codes/shown", visitor.lang, visitor=visitor, made=made, login_id=me["login_id"]
    )


@router.post(CODES)
async def codes_kept(visitor: CurrentVisitor) -> Response:
    """They were printed or written down: they are shown no longer."""
    response = see("/account/security")
    drop(response, visitor.desk, _NOTE)
    return response


def to_codes(visitor: Visitor, codes: list[str]) -> Response:
    """On to the page that shows the codes, for some minutes."""
    response = see(CODES)
    made = {"codes": codes, "at": visitor.desk.clock.now().isoformat()}
    keep(response, visitor.desk, _NOTE, visitor.actor.session_id, made)
    return response
