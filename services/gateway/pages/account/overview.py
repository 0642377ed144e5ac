"""One's own account: who am I, for whom do I act, and acting for another."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.kit.forms import Posted, Trouble
from services.gateway.pages.kit.frame import Done, page, page_router, see
from services.gateway.pages.kit.return_to import ENROLMENT, return_path
from services.gateway.pages.kit.visitor import CurrentVisitor, Visitor
from shared.clock import legal_date
from shared.http import Lang, say
from shared.reference.offices import OFFICES

router = page_router()


@router.get("/account")
async def account(request: Request, visitor: CurrentVisitor, done: Done = None) -> Response:
    """Who is signed in, how, and until when."""
    if visitor.must_enrol:
        return see(ENROLMENT)
    return await _page(request, visitor, done=done)


@router.post("/account")
async def switched(request: Request, visitor: CurrentVisitor, form: Posted) -> Response:
    """Go on under another membership, at the page from which it was asked."""
    answer = await visitor.registration.call("POST", "/v1/accounts/me/active-membership", form.given("membership_id"))
    if trouble := answer.trouble(visitor.lang):
        return await _page(request, visitor, trouble)
    return see(return_path(form["return_to"]), done="switched")


def _office(code: str | None, lang: Lang) -> str:
    """The name of an officer's office."""
    return next((say(row.name, lang) for row in OFFICES.rows if row.code == code), code or "")


async def _page(
    request: Request, visitor: Visitor, trouble: Trouble | None = None, done: str | None = None
) -> Response:
    me = (await visitor.registration.fetch("/v1/accounts/me")).body
    memberships: list[dict[str, Any]] = []
    if visitor.is_person:
        memberships = (await visitor.registration.fetch("/v1/accounts/me/memberships")).body["items"]
    return page(
        request,
        "account/overview/overview",
        visitor.lang,
        visitor=visitor,
        trouble=trouble,
        me=me,
        memberships=memberships,
        acting=[line for line in memberships if line["active"]],
        office=_office(me["office"], visitor.lang),
        today=legal_date(visitor.desk.clock.now()).isoformat(),
        done=done if done == "switched" else None,
    )
