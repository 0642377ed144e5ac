"""One document for several drafts: sent once, and attached to each of them."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.kit.client import Answer
from services.gateway.pages.kit.forms import FormErrors, LongForm, is_id
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.uploads import (
    COPY,
    CurrentUpload,
    check_code,
    send_file,
    upload_address,
    upload_errors,
)
from services.gateway.pages.kit.visitor import CurrentVisitor, LongFormVisitor
from services.gateway.pages.kit.words import say
from services.gateway.pages.portal.applications.lines import Line
from services.gateway.pages.portal.filing.wanted import File
from services.gateway.pages.portal.several.chosen import SEVERAL, Chosen, read_chosen, sent_chosen
from services.gateway.pages.portal.several.outcome import act_on_chosen
from services.gateway.texts import PAGES
from shared.http import Lang
from shared.reference.document_groups import document_group
from shared.reference.documents import required_documents
from shared.reference.files import MEGABYTE, file_limits

router = page_router()
PATH = f"{SEVERAL}/documents"
UPLOAD = f"/upload{PATH}"
# What an address says about the choice on the list.
_CHOICE = ("list", "all", "application_id")


@router.get(PATH)
async def show_documents(request: Request, visitor: CurrentVisitor) -> Response:
    """Name the drafts and ask for the document; once it is sent, ask whether it is to be attached to them."""
    chosen = await read_chosen(visitor, request.query_params, _fits)
    if isinstance(chosen, Response):
        return chosen
    document_id = request.query_params.get("document_id", "")
    return await _confirmation(chosen, UUID(document_id)) if is_id(document_id) else _page(chosen)


@router.get(UPLOAD)
async def return_to_documents(request: Request) -> Response:
    """Redirect a reload of the page that showed a mistake."""
    choice = [(name, value) for name, value in request.query_params.multi_items() if name in _CHOICE]
    return redirect_to(f"{PATH}?{urlencode(choice)}")


@router.post(UPLOAD)
async def send(request: Request, upload: CurrentUpload) -> Response:
    """Send the file to the document service. The choice on the list is in the address."""
    chosen = await read_chosen(upload.visitor, request.query_params, _fits)
    if isinstance(chosen, Response):
        return chosen
    if COPY in request.query_params:
        answer = await send_file(upload.visitor.service("document"))
    else:
        answer = await upload.forward("document", "/v1/documents")
    if errors := _refusal(answer, upload.visitor.lang):
        return _page(chosen, errors)
    return redirect_to(f"{PATH}?{chosen.query}&{urlencode({'document_id': answer.body['id']})}")


@router.post(PATH)
async def attach(visitor: LongFormVisitor, form: LongForm) -> Response:
    """Attach the file to the drafts that the page named, and say of each whether it has it."""
    document_id, codes = form.id("document_id"), [check_code(code) for code in form.every("codes")]

    async def again(errors: FormErrors) -> Response:
        return await _confirmation(await sent_chosen(visitor, form, _fits), document_id, errors)

    return await act_on_chosen(visitor, form, "attach", again, document_id=str(document_id), codes=codes)


def _fits(line: Line) -> bool:
    return line.is_draft


def _refusal(answer: Answer, lang: Lang) -> FormErrors | None:
    if any(error["pointer"] == "/codes" for error in answer.body.get("errors") or []):
        return FormErrors.on(PAGES[lang]["several"]["choose_document"], "codes")
    return upload_errors(answer, lang, "file")


def _page(chosen: Chosen, errors: FormErrors | None = None) -> Response:
    visitor = chosen.visitor
    limits = file_limits(visitor.today)
    return render_page(
        visitor.request,
        "portal/several/documents",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        scripts=("upload.js",),
        chosen=chosen,
        upload_path=upload_address(visitor, UPLOAD, chosen.query),
        documents=_documents(chosen.lines, visitor.today, visitor.lang),
        most_files=limits.files,
        most_megabytes=limits.total_bytes // MEGABYTE,
    )


async def _confirmation(chosen: Chosen, document_id: UUID, errors: FormErrors | None = None) -> Response:
    visitor = chosen.visitor
    known: dict[str, Any] = (await visitor.service("document").fetch(f"/v1/documents/{document_id}")).body
    return render_page(
        visitor.request,
        "portal/several/document",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        chosen=chosen,
        file=File.of(str(document_id), known["codes"], known, visitor.lang),
    )


def _documents(lines: Sequence[Line], day: date, lang: Lang) -> list[tuple[str, str]]:
    """Code and name of every document that one of these may need, whatever its group is."""
    found: dict[str, str] = {}
    for procedure, status in dict.fromkeys((line.procedure_code, line.status_code) for line in lines):
        axis = document_group(procedure, status, None, day)
        for group in axis.options if axis else (None,):
            for wanted in required_documents(procedure, status, group, day):
                if wanted.document.how != "form":
                    found.setdefault(wanted.code, say(wanted.document.name, lang))
    return list(found.items())
