"""Answering a request for documents item by item: a file or a reason each, saved, and submitted once."""

import re
from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.kit.forms import Form, FormErrors, Message, Posted
from services.gateway.pages.kit.frame import Done, page_router, redirect_to
from services.gateway.pages.kit.visitor import CurrentVisitor
from services.gateway.pages.portal.case.filed import PATH, Filed, find_filed
from services.gateway.pages.portal.case.requested import (
    NAME,
    answers_of,
    field_of,
    item_of,
    requested_page,
    save_answer,
)
from services.gateway.pages.portal.filing.files import delete_sent, moved
from services.gateway.pages.portal.filing.shown import APPLICATIONS
from services.gateway.texts import PAGES
from shared.errors import NotFound

router = page_router()
_PRESSED = re.compile(r"(why|clear|remove|up|down):([0-9]{1,2})")
_MOVES = {"up": -1, "down": 1}


@router.get(f"{PATH}/{NAME}")
async def show_requested(application_id: UUID, visitor: CurrentVisitor, done: Done = None) -> Response:
    """Show the open request, and what was submitted before."""
    filed = await find_filed(visitor, application_id)
    if filed is None:
        return redirect_to(f"{APPLICATIONS}/{application_id}")
    return await requested_page(filed, done=done)


@router.post(f"{PATH}/{NAME}")
async def answer_request(application_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """Save or take back the answer to one item, put its files in order, or submit all of them."""
    filed = await find_filed(visitor, application_id)
    if filed is None:
        return redirect_to(f"{APPLICATIONS}/{application_id}")
    if form["do"] == "submit":
        return await _submit(filed, form)
    if form["do"] == "more-time":
        return await _ask_for_more_time(filed, form)
    pressed = _PRESSED.fullmatch(form["do"])
    if pressed is None:
        return await requested_page(filed)
    what, place = pressed[1], int(pressed[2])
    item = item_of(await filed.read(NAME), place)
    saved = item["document_ids"] if item else []
    typed = form[f"why-{place}"]
    if what == "why" and not typed.strip():
        need = Message(PAGES[filed.lang]["case"]["requested_need_reason"], f"why-{place}")
        return await requested_page(filed, FormErrors(422, (need,)))
    # A file that was sent in another tab stays: the service refuses a reason beside it.
    left = [each for each in saved if what != "remove" or each != form["document_id"]]
    if what in _MOVES:
        left = moved(saved, form["document_id"], _MOVES[what])
    reason = typed if what == "why" else None
    answer = await save_answer(filed, form["request_id"], place, left, reason)
    if errors := answer.form_errors(filed.lang, {"/why_not": f"why-{place}"}):
        return await requested_page(filed, errors, typed={place: typed})
    if len(left) < len(saved):
        await delete_sent(filed, form["document_id"])
    return redirect_to(f"{filed.path}/{NAME}", done="removed" if what == "remove" else "saved")


@router.get(f"{PATH}/{NAME}/{{document_id:uuid}}")
async def open_file(application_id: UUID, document_id: UUID, visitor: CurrentVisitor) -> Response:
    """Open a file of an answer."""
    filed = await find_filed(visitor, application_id)
    if filed is None:
        raise NotFound()
    if str(document_id) not in answers_of(await filed.read(NAME)):
        raise NotFound()
    link = await visitor.service("document").fetch(f"/v1/documents/{document_id}/link")
    return redirect_to(link.body["url"])


async def _submit(filed: Filed, form: Form) -> Response:
    answer = await filed.change(NAME, {"request_id": form["request_id"]}, form)
    found = await filed.read(NAME)
    items = found["open"]["items"] if found["open"] else []
    fields = {f"/items/{item['place']}": field_of(item["place"]) for item in items}
    if errors := answer.form_errors(filed.lang, fields):
        return await requested_page(filed, errors)
    return redirect_to(filed.path, done="documents")


async def _ask_for_more_time(filed: Filed, form: Form) -> Response:
    body = {"request_id": form["request_id"], "wanted_on": form["wanted_on"], "reason": form["more_time_reason"]}
    answer = await filed.change(f"{NAME}/more-time", body, form)
    fields = {"/wanted_on": "wanted_on", "/reason": "more_time_reason"}
    if errors := answer.form_errors(filed.lang, fields):
        return await requested_page(filed, errors, form=form)
    return redirect_to(f"{filed.path}/{NAME}", done="asked")
