"""Changing one's mail address."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.kit.forms import Form, Posted, Trouble
from services.gateway.pages.kit.frame import Sent, page, page_router, see
from services.gateway.pages.kit.missing_fields import missing
from services.gateway.pages.kit.proofs import by_password
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
async def email_form(request: Request, visitor: CurrentVisitor, sent: Sent = False) -> Response:
    """Asks for the new address, twice, and for the password, unless another proof came before."""
    return await _page(request, visitor, sent=sent)


@router.post("/account/email")
async def email_asked(request: Request, visitor: CurrentVisitor, form: Posted) -> Response:
    """Have a link sent to the new address."""
    _require_person(visitor)
    asked = ["email", "email_again", *(["password"] if await by_password(visitor) else [])]
    trouble = missing(visitor.lang, *form.empty(*asked))
    if trouble is None:
        body = form.given(*asked)
        trouble = (await visitor.registration.call("POST", "/v1/accounts/me/email", body)).trouble(
            visitor.lang, _FIELDS
        )
    if trouble is None:
        return see("/account/email", sent="true")
    return await _page(request, visitor, form, trouble)


async def _page(
    request: Request, visitor: Visitor, form: Form | None = None, trouble: Trouble | None = None, sent: bool = False
) -> Response:
    _require_person(visitor)
    asks_password = not sent and await by_password(visitor)
    values: dict[str, Any] = {"form": form or Form(), "sent": sent, "asks_password": asks_password}
    return page(request, "account/email/email", visitor.lang, visitor=visitor, trouble=trouble, **values)


def _require_person(visitor: Visitor) -> None:
    if not visitor.is_person:
        raise Forbidden()  # an officer's address is the administrator's to change
