"""Changing the email address of an account."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.kit.forms import Form, FormErrors, Posted, missing_fields
from services.gateway.pages.kit.frame import Sent, page_router, redirect_to, render_page
from services.gateway.pages.kit.mail_address import meant_by
from services.gateway.pages.kit.proofs import requires_password
from services.gateway.pages.kit.visitor import CurrentVisitor, Visitor
from shared.errors import Forbidden

router = page_router()
_FIELDS = {
    "": "email_again",
    "/email": "email",
    "/email_again": "email_again",
    "/password": "password",
    "password-not-right": "password",
}


@router.get("/account/email")
async def show_email(request: Request, visitor: CurrentVisitor, sent: Sent = False) -> Response:
    """Ask for the new address, twice, and for the password, unless another proof came before."""
    return await _page(request, visitor, sent=sent)


@router.post("/account/email")
async def request_change(request: Request, visitor: CurrentVisitor, form: Posted) -> Response:
    """Send a link to the new address."""
    _require_person(visitor)
    asked = ["email", "email_again", *(["password"] if await requires_password(visitor) else [])]
    errors = missing_fields(visitor.lang, *form.empty(*asked))
    if errors is None and (meant := meant_by(form)):
        return await _page(request, visitor, form, meant=meant)
    if errors is None:
        body = form.given(*asked)
        errors = (await visitor.registration.call("POST", "/v1/accounts/me/email", body)).form_errors(
            visitor.lang, _FIELDS
        )
    if errors is None:
        return redirect_to("/account/email", sent="true")
    return await _page(request, visitor, form, errors)


async def _page(
    request: Request,
    visitor: Visitor,
    form: Form | None = None,
    errors: FormErrors | None = None,
    sent: bool = False,
    meant: str = "",
) -> Response:
    _require_person(visitor)
    asks_password = not sent and await requires_password(visitor)
    values: dict[str, Any] = {"form": form or Form(), "sent": sent, "asks_password": asks_password, "meant": meant}
    return render_page(request, "account/email/email", visitor.lang, visitor=visitor, errors=errors, **values)


def _require_person(visitor: Visitor) -> None:
    if not visitor.is_person:
        raise Forbidden()  # an officer's address is the administrator's to change
