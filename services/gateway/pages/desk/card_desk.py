"""`/desk/card-desk`: scanning envelopes, batches to print and to mail, the carrier's report, counter visits."""

import base64
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.desk.case_file.next_steps import COUNTER
from services.gateway.pages.desk.queue import CASES, officer_names
from services.gateway.pages.kit.formats import size
from services.gateway.pages.kit.forms import Form, FormErrors, Message, Posted
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.names import case_state_name, procedure_name, status_name
from services.gateway.pages.kit.uploads import CurrentUpload, Upload, upload_address
from services.gateway.pages.kit.visitor import OfficerVisitor, Visitor
from services.gateway.texts import PAGES
from shared.auth import Role
from shared.errors import Forbidden, Invalid
from shared.http.limits import KIB
from shared.http.uploads import file_of
from shared.reference.receipt_numbers import number_typed

router = page_router()
CARD_DESK = "/desk/card-desk"
_BATCH = f"{CARD_DESK}/batches/{{batch_id:uuid}}"
_DONE = ("print", "mail", "closed")
# In base64, and with what stands around it, less than a body of the card desk may have.
MOST_BYTES = 700 * KIB


@router.get(CARD_DESK)
async def show_desk(request: Request, visitor: OfficerVisitor, done: Done = None) -> Response:
    """Show what waits for a batch, and the batches."""
    return await _desk(request, visitor, done=done)


@router.post(CARD_DESK)
async def make_batch(request: Request, visitor: OfficerVisitor, form: Posted) -> Response:
    """Make a batch of the cases that have waited longest, and show it."""
    kind = "mail" if form["do"] == "mail" else "print"
    body = {"kind": kind}
    answer = await _send(visitor, form, "batches", body)
    if errors := answer.form_errors(visitor.lang):
        return await _desk(request, visitor, errors)
    return redirect_to(f"{CARD_DESK}/batches/{answer.body['id']}", done=kind)


@router.get(f"{CARD_DESK}/scan")
async def show_scan(request: Request, visitor: OfficerVisitor) -> Response:
    """Show the page into which a scanner types numbers."""
    _require(visitor)
    return _page(request, visitor, "scan")


@router.post(f"{CARD_DESK}/scan")
async def scan(request: Request, visitor: OfficerVisitor, form: Posted) -> Response:
    """Record the envelopes, and answer each line."""
    _require(visitor)
    numbers = form["numbers"].split()
    if not numbers:
        return _page(request, visitor, "scan", form, _needed(visitor, "numbers"))
    body = {"numbers": numbers, "residence_card_received": form["residence_card_received"] == "yes"}
    answer = await _send(visitor, form, "scans", body)
    places = {f"/numbers/{at}": "numbers" for at in range(len(numbers))} | {"/numbers": "numbers"}
    if errors := answer.form_errors(visitor.lang, places):
        return _page(request, visitor, "scan", form, errors)
    return _page(request, visitor, "scan", outcomes=answer.body)


@router.get(f"{CARD_DESK}/counter")
async def show_counter(request: Request, visitor: OfficerVisitor) -> Response:
    """Show the page on which a receipt number is scanned at the counter."""
    _require(visitor)
    return _page(request, visitor, "counter")


@router.post(f"{CARD_DESK}/counter")
async def find_at_counter(request: Request, visitor: OfficerVisitor, form: Posted) -> Response:
    """Lead to the page on which fee and old card are recorded, of the case with that number."""
    _require(visitor)
    if form.empty("number"):
        return _page(request, visitor, "counter", form, _needed(visitor, "number"))
    number = number_typed(form["number"]) or form["number"].strip()[:60]
    asked = urlencode({"receipt_number": number, "limit": 1})
    found = (await visitor.service("review").fetch(f"/v1/cases?{asked}")).body["items"]
    if not found:
        text = PAGES[visitor.lang]["card_desk"]["counter_unknown"]
        return _page(request, visitor, "counter", form, FormErrors(422, (Message(text, "number"),)))
    return redirect_to(f"{CASES}/{found[0]['id']}/{COUNTER}")


@router.get(_BATCH)
async def show_batch(request: Request, batch_id: UUID, visitor: OfficerVisitor, done: Done = None) -> Response:
    """Show a batch, to be printed as a list."""
    return await _batch(request, visitor, batch_id, done=done)


@router.post(_BATCH)
async def take_file(request: Request, batch_id: UUID, visitor: OfficerVisitor, form: Posted) -> Response:
    """Take the file that came back, or close the batch."""
    _require(visitor)
    if form["do"] == "close":
        answer = await _send(visitor, form, f"batches/{batch_id}/closing", None)
        if errors := answer.form_errors(visitor.lang):
            return await _batch(request, visitor, batch_id, form, errors)
        return redirect_to(f"{CARD_DESK}/batches/{batch_id}", done="closed")
    if form.empty("file"):
        return await _batch(request, visitor, batch_id, form, _needed(visitor, "file"))
    answer = await _send(visitor, form, f"batches/{batch_id}/returned-file", _file(form["file"].encode()))
    if errors := answer.form_errors(visitor.lang, {"/file": "file"}):
        return await _batch(request, visitor, batch_id, form, errors)
    return await _batch(request, visitor, batch_id, outcomes=answer.body)


@router.get(f"{_BATCH}/file")
async def download_file(batch_id: UUID, visitor: OfficerVisitor) -> Response:
    """The batch as CSV, for the printer or the carrier."""
    _require(visitor)
    found = await visitor.service("review").download(f"/v1/card-desk/batches/{batch_id}/file")
    assert found is not None
    return found


@router.get(f"{CARD_DESK}/report")
async def show_report(request: Request, visitor: OfficerVisitor) -> Response:
    """Show the page for the carrier's report."""
    _require(visitor)
    return _page(request, visitor, "report")


@router.post(f"{CARD_DESK}/report")
async def take_report(request: Request, visitor: OfficerVisitor, form: Posted) -> Response:
    """Take the carrier's report, and answer each line."""
    _require(visitor)
    if form.empty("file"):
        return _page(request, visitor, "report", form, _needed(visitor, "file"))
    answer = await _send(visitor, form, "carrier-reports", _file(form["file"].encode()))
    if errors := answer.form_errors(visitor.lang, {"/file": "file"}):
        return _page(request, visitor, "report", form, errors)
    return _page(request, visitor, "report", outcomes=answer.body)


@router.get(f"{_BATCH}/returned")
async def return_to_batch(batch_id: UUID) -> Response:
    """Redirect a reload of the page that showed what became of a file."""
    return redirect_to(f"{CARD_DESK}/batches/{batch_id}")


@router.post(f"{_BATCH}/returned")
async def upload_file(batch_id: UUID, upload: CurrentUpload) -> Response:
    """Take the file that came back as it was chosen on the officer's computer."""
    request, visitor = upload.visitor.request, upload.visitor
    _require(visitor)
    answer, errors = await _sent_file(upload, f"batches/{batch_id}/returned-file")
    return await _batch(request, visitor, batch_id, errors=errors, outcomes=answer)


@router.get(f"{CARD_DESK}/report/returned")
async def return_to_report() -> Response:
    """Redirect a reload of the page that showed what became of a file."""
    return redirect_to(f"{CARD_DESK}/report")


@router.post(f"{CARD_DESK}/report/returned")
async def upload_report(upload: CurrentUpload) -> Response:
    """Take the carrier's report as it was chosen on the officer's computer, and answer each line."""
    _require(upload.visitor)
    answer, errors = await _sent_file(upload, "carrier-reports")
    return _page(upload.visitor.request, upload.visitor, "report", errors=errors, outcomes=answer)


@router.get(f"{CARD_DESK}/visits")
async def show_visits(request: Request, visitor: OfficerVisitor, day: str = "") -> Response:
    """Show the visits to the counter on a day; today's, unless the address names another."""
    _require(visitor)
    asked = f"?day={on.isoformat()}" if (on := _day(day)) else ""
    answer = await visitor.service("review").call("GET", f"/v1/card-desk/visits{asked}")
    if not answer.ok:
        raise ServiceDown() if answer.status != 403 else Forbidden()
    return _page(request, visitor, "visits", found=answer.body)


def _require(visitor: Visitor) -> None:
    if not visitor.actor.has(Role.CARD_OFFICE):
        raise Forbidden()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _needed(visitor: Visitor, field: str) -> FormErrors:
    return FormErrors(422, (Message(PAGES[visitor.lang]["card_desk"]["need"], field),))


def _file(content: bytes) -> Mapping[str, str]:
    return {"file": base64.b64encode(content).decode()}


async def _sent_file(upload: Upload, route: str) -> tuple[Mapping[str, Any] | None, FormErrors | None]:
    """The outcome of each line of a file that was chosen, or the reason why none was taken. Its bytes stay as they are:
    the review service reads its encoding."""
    visitor = upload.visitor
    content = await _chosen(visitor.request)
    if not content:
        return None, FormErrors.on(PAGES[visitor.lang]["uploads"]["need_file"], "chosen")
    if len(content) > MOST_BYTES:
        text = PAGES[visitor.lang]["card_desk"]["too_large"].format(size=size(MOST_BYTES, visitor.lang))
        return None, FormErrors(413, (Message(text, "chosen"),))
    answer = await _send(visitor, Form({"key": upload.key}), route, _file(content))
    errors = answer.form_errors(visitor.lang, {"/file": "chosen"})
    return (None, errors) if errors else (answer.body, None)


async def _chosen(request: Request) -> bytes:
    """The file of the form; empty where none was chosen."""
    form = await request.form(max_files=1, max_fields=5, max_part_size=4096)
    try:
        return await file_of(form).read()
    except Invalid:
        return b""


async def _send(visitor: Visitor, form: Form, route: str, body: Mapping[str, Any] | None) -> Any:
    key = str(form.key_of(route, body))
    return await visitor.service("review").call(
        "POST", f"/v1/card-desk/{route}", body, headers={"Idempotency-Key": key}
    )


async def _desk(
    request: Request, visitor: Visitor, errors: FormErrors | None = None, done: str | None = None
) -> Response:
    _require(visitor)
    answer = await visitor.service("review").call("GET", "/v1/card-desk")
    if not answer.ok:
        raise ServiceDown() if answer.status != 403 else Forbidden()
    names = await officer_names(visitor)
    return _page(request, visitor, "desk", errors=errors, found=answer.body, names=names)


async def _batch(
    request: Request,
    visitor: Visitor,
    batch_id: UUID,
    form: Form | None = None,
    errors: FormErrors | None = None,
    outcomes: Mapping[str, Any] | None = None,
    done: str | None = None,
) -> Response:
    _require(visitor)
    found = (await visitor.service("review").fetch(f"/v1/card-desk/batches/{batch_id}")).body
    lang = visitor.lang
    lines = [
        line
        | {
            "procedure": procedure_name(line["procedure"], lang),
            "status": status_name(line["status_of_residence"], lang),
            "state": case_state_name(line["state"], lang, line["procedure"]),
        }
        for line in found["lines"]
    ]
    said = PAGES[lang]["card_desk"][f"done_{done}"] if done in _DONE else ""
    return _page(request, visitor, "batch", form, errors, outcomes, batch=found, lines=lines, done=said)


def _page(
    request: Request,
    visitor: Visitor,
    name: str,
    form: Form | None = None,
    errors: FormErrors | None = None,
    outcomes: Mapping[str, Any] | None = None,
    **more: Any,
) -> Response:
    path = f"{request.url.path.removesuffix('/returned')}/returned"
    return render_page(
        request,
        f"desk/card_desk/{name}",
        visitor.lang,
        visitor=visitor,
        form=form or Form({"residence_card_received": "yes"}),
        errors=errors,
        outcomes=outcomes,
        upload_path=upload_address(visitor, path),
        scripts=("print.js",) if name == "batch" else (),
        **more,
    )
