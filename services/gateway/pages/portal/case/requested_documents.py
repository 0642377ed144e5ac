"""Answering a request for documents item by item: a file or a reason each, saved, and submitted once."""

import re
from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.kit.forms import FormErrors, Message, Posted
from services.gateway.pages.kit.frame import Done, page_router, redirect_to
from services.gateway.pages.kit.visitor import CurrentVisitor
from services.gateway.pages.portal.case.filed import PATH, Filed, find_filed
from services.gateway.pages.portal.case.requested import NAME, field_of, item_of, requested_page, save_answer
from services.gateway.pages.portal.filing.shown import APPLICATIONS
from services.gateway.texts import PAGES
from shared.errors import NotFound

router = page_router()
_PRESSED = re.compile(r"(why|clear|remove):([0-9]{1,2})")


@router.get(f"{PATH}/{NAME}")
async def show_requested(application_id: UUID, visitor: CurrentVisitor, done: Done = None) -> Response:
    """Show the open request, and what was submitted before."""
    filed = await find_filed(visitor, application_id)
    if filed is None:
        return redirect_to(f"{APPLICATIONS}/{application_id}")
    return await requested_page(filed, done=done)


@router.post(f"{PATH}/{NAME}")
async def answer_request(application_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """Save or take back the answer to one item, or submit all of them."""
    filed = await find_filed(visitor, application_id)
    if filed is None:
        return redirect_to(f"{APPLICATIONS}/{application_id}")
    if form["do"] == "submit":
        return await _submit(filed, form["request_id"])
    pressed = _PRESSED.fullmatch(form["do"])
    if pressed is None:
        return await requested_page(filed)
    what, place = pressed[1], int(pressed[2])
    found = await filed.read(NAME)
    item = item_of(found, place)
    if item is None:
        raise NotFound()
    typed = form[f"why-{place}"]
    if what == "why" and not typed.strip():
        need = Message(PAGES[filed.lang]["case"]["requested_need_reason"], f"why-{place}")
        return await requested_page(filed, FormErrors(422, (need,)))
    left = [each for each in item["document_ids"] if what == "remove" and each != form["document_id"]]
    reason = typed if what == "why" else None
    answer = await save_answer(filed, found, place, left, reason)
    if errors := answer.form_errors(filed.lang, {"/why_not": f"why-{place}"}):
        return await requested_page(filed, errors, typed={place: typed})
    return redirect_to(f"{filed.path}/{NAME}", done="removed" if what == "remove" else "saved")


@router.get(f"{PATH}/{NAME}/{{document_id:uuid}}")
async def open_file(application_id: UUID, document_id: UUID, visitor: CurrentVisitor) -> Response:
    """Open a file of an answer."""
    filed = await find_filed(visitor, application_id)
    if filed is None:
        raise NotFound()
    found = await filed.read(NAME)
    items = found["open"]["items"] if found["open"] else []
    known = {each for item in items for each in item["document_ids"]}
    known |= {one["document_id"] for answer in found["submitted"] for one in answer["documents"]}
    if str(document_id) not in known:
        raise NotFound()
    link = await visitor.service("document").fetch(f"/v1/documents/{document_id}/link")
    return redirect_to(link.body["url"])


async def _submit(filed: Filed, request_id: str) -> Response:
    answer = await filed.change(NAME, {"request_id": request_id})
    found = await filed.read(NAME)
    items = found["open"]["items"] if found["open"] else []
    fields = {f"/items/{item['place']}": field_of(item["place"]) for item in items}
    if errors := answer.form_errors(filed.lang, fields):
        return await requested_page(filed, errors)
    return redirect_to(filed.path, done="documents")
