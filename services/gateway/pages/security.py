"""How one gets in, at a glance; new recovery codes."""

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.frame import Done, page, page_router
from services.gateway.pages.identities import identities_of
from services.gateway.pages.visitors import CurrentVisitor, FreshVisitor, Visitor

router = page_router()
_DONE = ("password", "app-removed", "passkey-added", "passkey-removed", "identity-linked", "identity-removed")


@router.get("/account/security")
async def security(request: Request, visitor: CurrentVisitor, done: Done = None) -> Response:
    """Password, second factor, passkeys, identity."""
    factor = (await visitor.fetch("/v1/accounts/me/second-factor")).body
    return page(
        request,
        "security",
        visitor.lang,
        visitor=visitor,
        factor=factor,
        identities=await identities_of(visitor),
        identity=visitor.desk.settings.identity_names[visitor.lang],
        done=done if done in _DONE else None,
    )


@router.get("/account/security/recovery-codes")
async def renewal_form(request: Request, visitor: FreshVisitor) -> Response:
    """Asks before the codes in force are thrown away."""
    return page(request, "recovery_codes", visitor.lang, visitor=visitor)


@router.post("/account/security/recovery-codes")
async def renewed(request: Request, visitor: CurrentVisitor) -> Response:
    """Ten new codes."""
    answer = await visitor.ask("POST", "/v1/accounts/me/recovery-codes")
    if trouble := answer.trouble(visitor.lang):
        return page(request, "recovery_codes", visitor.lang, visitor=visitor, trouble=trouble)
    return shown_once(request, visitor, answer.body["recovery_codes"])


def shown_once(request: Request, visitor: Visitor, codes: list[str]) -> Response:
    """The codes, to be printed or written down."""
    return page(request, "codes_shown", visitor.lang, visitor=visitor, codes=codes)
