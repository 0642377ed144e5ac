"""Setting up an authenticator app, and removing it."""

import segno
from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.account.recovery_codes import redirect_to_codes
from services.gateway.pages.kit.client import Answer, Gone
from services.gateway.pages.kit.forms import Posted, missing_fields
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.return_to import ENROLMENT
from services.gateway.pages.kit.visitor import CurrentVisitor, FreshVisitor, Visitor

router = page_router()
_PATH = "/v1/accounts/me/second-factor/totp"


@router.get(ENROLMENT)
async def show_enrolment(request: Request, visitor: FreshVisitor, done: Done = None) -> Response:
    """Show the requirements before the ten minutes begin; once an officer has finished, the button to sign in again."""
    factor = (await visitor.registration.fetch("/v1/accounts/me/second-factor")).body
    finished = visitor.must_enrol and bool(factor["totp_since"] or factor["passkeys"])
    done = done if done == "begin-again" else None
    return render_page(
        request,
        "account/authenticator/start",
        visitor.lang,
        visitor=visitor,
        factor=factor,
        finished=finished,
        done=done,
    )


@router.post(ENROLMENT)
async def enrol(request: Request, visitor: CurrentVisitor, form: Posted) -> Response:
    """Start the setup, or finish it with a code of the app."""
    if "code" not in form:
        return _begun(request, visitor, await visitor.registration.call("POST", _PATH))
    errors = missing_fields(visitor.lang, *form.empty("code"))
    if errors is None:
        try:
            answer = await visitor.registration.call("POST", f"{_PATH}/confirm", form.given("code"))
        except Gone:  # ten minutes have passed, or it was never started
            return redirect_to(ENROLMENT, done="begin-again")
        if answer.ok:
            return redirect_to_codes(visitor, answer.body["recovery_codes"])
        errors = answer.form_errors(visitor.lang, {"code-not-valid": "code", "/code": "code"})
    # The key is not shown again: it was in the page before, and is kept nowhere here.
    return render_page(request, "account/authenticator/key", visitor.lang, visitor=visitor, errors=errors, key=None)


def _begun(request: Request, visitor: Visitor, answer: Answer) -> Response:
    if errors := answer.form_errors(visitor.lang):
        return render_page(request, "account/authenticator/key", visitor.lang, visitor=visitor, errors=errors, key=None)
    uri: str = answer.body["provisioning_uri"]
    secret: str = answer.body["secret"]
    # segno draws; nothing of the address is in the picture's text.
    picture = segno.make(uri, error="m").svg_inline(omitsize=True, light="#ffffff", dark="#000000")
    return render_page(
        request,
        "account/authenticator/key",
        visitor.lang,
        visitor=visitor,
        key=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        uri=uri,
        picture=picture,
    )


@router.get(f"{ENROLMENT}/remove")
async def show_removal(request: Request, visitor: FreshVisitor) -> Response:
    """Ask for confirmation of the removal."""
    return render_page(request, "account/authenticator/remove", visitor.lang, visitor=visitor)


@router.post(f"{ENROLMENT}/remove")
async def remove(request: Request, visitor: CurrentVisitor, form: Posted) -> Response:
    """Remove it; registration keeps an officer's last factor."""
    answer = await visitor.registration.delete(_PATH, form)
    if errors := answer.form_errors(visitor.lang):
        return render_page(request, "account/authenticator/remove", visitor.lang, visitor=visitor, errors=errors)
    return redirect_to("/account/security", done="app-removed")
