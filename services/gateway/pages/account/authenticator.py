"""Setting up an authenticator app, and removing it."""

import segno
from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.account.recovery_codes import to_codes
from services.gateway.pages.kit.client import Answer, Gone
from services.gateway.pages.kit.forms import Posted
from services.gateway.pages.kit.frame import Done, page, page_router, see
from services.gateway.pages.kit.missing_fields import missing
from services.gateway.pages.kit.return_to import ENROLMENT
from services.gateway.pages.kit.visitor import CurrentVisitor, FreshVisitor, Visitor

router = page_router()
_PATH = "/v1/accounts/me/second-factor/totp"


@router.get(ENROLMENT)
async def enrolment(request: Request, visitor: FreshVisitor, done: Done = None) -> Response:
    """What is needed, before the ten minutes begin; for an officer who has just finished, the way on."""
    factor = (await visitor.registration.fetch("/v1/accounts/me/second-factor")).body
    finished = visitor.must_enrol and bool(factor["totp_since"] or factor["passkeys"])
    done = done if done == "begin-again" else None
    return page(
        request,
        "account/authenticator/start",
        visitor.lang,
        visitor=visitor,
        factor=factor,
        finished=finished,
        done=done,
    )


@router.post(ENROLMENT)
async def enrolled(request: Request, visitor: CurrentVisitor, form: Posted) -> Response:
    """Begin, or with a code of the app finish."""
    if "code" not in form:
        return _begun(request, visitor, await visitor.registration.call("POST", _PATH))
    trouble = missing(visitor.lang, *form.empty("code"))
    if trouble is None:
        try:
            answer = await visitor.registration.call("POST", f"{_PATH}/confirm", form.given("code"))
        except Gone:  # ten minutes are over, or it was never begun
            return see(ENROLMENT, done="begin-again")
        if answer.ok:
            return to_codes(visitor, answer.body["recovery_codes"])
        trouble = answer.trouble(visitor.lang, {"code-not-valid": "code", "/code": "code"})
    # The key is not shown again: it was in the page before, and is kept nowhere here.
    return page(request, "account/authenticator/key", visitor.lang, visitor=visitor, trouble=trouble, key=None)


def _begun(request: Request, visitor: Visitor, answer: Answer) -> Response:
    if trouble := answer.trouble(visitor.lang):
        return page(request, "account/authenticator/key", visitor.lang, visitor=visitor, trouble=trouble, key=None)
    uri: str = answer.body["provisioning_uri"]
    secret: str = answer.body["secret"]
    # segno draws; nothing of the address is in the picture's text.
    picture = segno.make(uri, error="m").svg_inline(omitsize=True, light="#ffffff", dark="#000000")
    return page(
        request,
        "account/authenticator/key",
        visitor.lang,
        visitor=visitor,
        key=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        uri=uri,
        picture=picture,
    )


@router.get(f"{ENROLMENT}/remove")
async def removal_form(request: Request, visitor: FreshVisitor) -> Response:
    """Asks before it is taken away."""
    return page(request, "account/authenticator/remove", visitor.lang, visitor=visitor)


@router.post(f"{ENROLMENT}/remove")
async def removed(request: Request, visitor: CurrentVisitor) -> Response:
    """Take it away; registration keeps an officer's last factor."""
    answer = await visitor.registration.call("DELETE", _PATH)
    if trouble := answer.trouble(visitor.lang):
        return page(request, "account/authenticator/remove", visitor.lang, visitor=visitor, trouble=trouble)
    return see("/account/security", done="app-removed")
