"""The account page: details, current role, and switching to another membership."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.kit.forms import FormErrors, Posted
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.return_to import ENROLMENT, return_path
from services.gateway.pages.kit.undelivered import undelivered_address
from services.gateway.pages.kit.visitor import CurrentVisitor, Visitor
from services.gateway.pages.kit.words import say
from shared.clock import legal_date
from shared.http import Lang
from shared.reference.offices import OFFICES

router = page_router()


@router.get("/account")
async def show_account(request: Request, visitor: CurrentVisitor, done: Done = None) -> Response:
    """Show the account's details, its current role, and its memberships."""
    if visitor.must_enrol:
        return redirect_to(ENROLMENT)
    return await _page(request, visitor, done=done)


@router.post("/account/email/test")
async def test_address(request: Request, visitor: CurrentVisitor, form: Posted) -> Response:
    """Send a test mail to the address, from which mails had come back."""
    answer = await visitor.service("notification").call("POST", "/v1/inbox/address/test")
    if errors := answer.form_errors(visitor.lang):
        return await _page(request, visitor, errors)
    return redirect_to("/account", done="tested")


@router.post("/account")
async def switch_role(request: Request, visitor: CurrentVisitor, form: Posted) -> Response:
    """Switch to another membership, and return to the page from which it was requested."""
    answer = await visitor.registration.call("POST", "/v1/accounts/me/active-membership", form.given("membership_id"))
    if errors := answer.form_errors(visitor.lang):
        return await _page(request, visitor, errors)
    return redirect_to(return_path(form["return_to"]), done="switched")


def _office(code: str | None, lang: Lang) -> str:
    """The name of an officer's office."""
    return next((say(row.name, lang) for row in OFFICES.rows if row.code == code), code or "")


async def _page(
    request: Request, visitor: Visitor, errors: FormErrors | None = None, done: str | None = None
) -> Response:
    me = (await visitor.registration.fetch("/v1/accounts/me")).body
    memberships: list[dict[str, Any]] = []
    if visitor.is_person:
        memberships = (await visitor.registration.fetch("/v1/accounts/me/memberships")).body["items"]
    return render_page(
        request,
        "account/overview/overview",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        me=me,
        memberships=memberships,
        acting=[line for line in memberships if line["active"]],
        office=_office(me["office"], visitor.lang),
        today=legal_date(visitor.gateway.clock.now()).isoformat(),
        has_place_rules=visitor.gateway.places.rules is not None,
        undelivered=await undelivered_address(visitor),
        done=done if done in ("switched", "tested") else None,
    )
