"""The visit to a counter: the times that can be booked, and moving the visit to another."""

from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from starlette.responses import Response

from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.kit.formats import day, moment
from services.gateway.pages.kit.forms import Form, FormErrors, Message, Posted
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.names import office_name
from services.gateway.pages.kit.visitor import CurrentVisitor
from services.gateway.pages.portal.case.filed import PATH, Filed, find_filed
from services.gateway.pages.portal.filing.shown import APPLICATIONS
from services.gateway.texts import PAGES
from shared.clock import legal_date

router = page_router()


@router.get(f"{PATH}/visit")
async def show_visit(application_id: UUID, visitor: CurrentVisitor, done: Done = None) -> Response:
    """Show the times of the counter; where no visit is needed, the case."""
    filed = await find_filed(visitor, application_id)
    if filed is None:
        return redirect_to(f"{APPLICATIONS}/{application_id}")
    return await _page(filed, done=done)


@router.post(f"{PATH}/visit")
async def book_visit(application_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """Book the time that was chosen, or move the visit to it."""
    filed = await find_filed(visitor, application_id)
    if filed is None:
        return redirect_to(f"{APPLICATIONS}/{application_id}")
    texts = PAGES[filed.lang]["case"]
    if not form["starts_at"]:
        return await _page(filed, form, FormErrors(422, (Message(texts["visit_need"], "starts_at"),)))
    body = {"starts_at": form["starts_at"]}
    answer = await filed.visitor.service("review").call(
        "PUT", f"/v1/visits/{filed.id}", body, headers={"Idempotency-Key": str(form.key_of(body))}
    )
    if errors := answer.form_errors(filed.lang, {"/starts_at": "starts_at", "time-full": "starts_at"}):
        return await _page(filed, form, errors)
    return redirect_to(f"{filed.path}/visit", done="booked")


async def find_visit(filed: Filed) -> Mapping[str, Any] | None:
    """The visit that an application needs; None where it needs none, or review is down."""
    try:
        answer = await filed.visitor.service("review").call("GET", f"/v1/visits/{filed.id}", shown=("not-found",))
    except ServiceDown:
        return None
    return answer.body if answer.ok and answer.body["needed"] else None


async def _page(
    filed: Filed, form: Form | None = None, errors: FormErrors | None = None, done: str | None = None
) -> Response:
    visit = await find_visit(filed)
    if visit is None:
        return redirect_to(filed.path)
    lang, booked = filed.lang, visit["booked"]
    free = [datetime.fromisoformat(one["starts_at"]) for one in visit["times"] if one["free"]]
    return render_page(
        filed.visitor.request,
        "portal/case/visit",
        lang,
        visitor=filed.visitor,
        filed=filed,
        office=office_name(visit["office"], lang),
        booked=moment(booked["starts_at"], lang) if booked else "",
        days=[
            (day(on, lang), [(at.isoformat(), moment(at.isoformat(), lang)) for at in times])
            for on, times in groupby(free, key=legal_date)
        ],
        form=form or Form(),
        errors=errors,
        done=PAGES[lang]["case"]["done_booked"] if done == "booked" else "",
    )
