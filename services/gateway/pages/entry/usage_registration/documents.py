"""The documents of a draft: as files or on paper."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.context import CurrentGateway
from services.gateway.pages.entry.usage_registration import fields
from services.gateway.pages.entry.usage_registration.draft import Checked
from services.gateway.pages.entry.usage_registration.writer import (
    CurrentWriter,
    Documents,
    DraftNotOpen,
    Writer,
    find_writer,
)
from services.gateway.pages.kit import organisations
from services.gateway.pages.kit.client import Answer
from services.gateway.pages.kit.forms import FormErrors, LongForm, Message
from services.gateway.pages.kit.frame import PageLanguage, page_router, redirect_to, render_page
from services.gateway.pages.kit.uploads import (
    CsrfToken,
    check_code,
    delete_file,
    forward_file,
    redirect_to_file,
    title_of,
    upload_errors,
)
from services.gateway.texts import PAGES

router = page_router()


@router.get("/usage-registration/draft/{draft_id:uuid}/documents")
async def show_documents(draft_id: UUID, writer: CurrentWriter, checked: Checked = False) -> Response:
    """Every document of the user class, and what is there."""
    return await render_documents(writer, checked=checked)


@router.post("/usage-registration/draft/{draft_id:uuid}/documents")
async def change_documents(draft_id: UUID, writer: CurrentWriter, form: LongForm) -> Response:
    """Mark a document as submitted on paper, or remove one."""
    code, document_id = form["code"], form["document_id"]
    if form["do"] == "paper":
        answer = await writer.change_documents(lambda found: [*without(found, code), code])
    else:
        answer = await writer.change_documents(lambda found: without(found, code, document_id))
        if answer.ok and (file := _uuid(document_id)):
            await delete_file(writer.request, writer.gateway, writer.lang, await _token(writer), file)
    if errors := answer.form_errors(writer.lang):
        return await render_documents(writer, errors)
    return _to_document(writer, code)


@router.get("/usage-registration/draft/{draft_id:uuid}/documents/{document_id:uuid}")
async def open_file(draft_id: UUID, document_id: UUID, writer: CurrentWriter) -> Response:
    """Open a file that was uploaded."""
    return await redirect_to_file(writer.request, writer.gateway, writer.lang, await _token(writer), document_id)


@router.get("/upload/usage-registration/{draft_id:uuid}/{code}")
async def return_to_documents(draft_id: UUID, code: str) -> Response:
    """Redirect a reload of the page that showed a mistake."""
    return redirect_to(f"/usage-registration/draft/{draft_id}/documents")


@router.post("/upload/usage-registration/{draft_id:uuid}/{code}")
async def upload_file(
    draft_id: UUID, code: str, request: Request, gateway: CurrentGateway, lang: PageLanguage, csrf_token: CsrfToken = ""
) -> Response:
    """Upload one file of a document. It is not read here: the writer is known before its first byte is requested."""
    writer = await find_writer(request, gateway, lang, draft_id, csrf_token)
    answer = await forward_file(request, gateway, lang, await _token(writer))
    if answer.ok:
        file = {"code": check_code(code), "document_id": answer.body["id"]}
        answer = await writer.change_documents(lambda found: [*without(found, code), file])
    if errors := upload_errors(answer, lang, code):
        return await render_documents(writer, errors)
    return _to_document(writer, code)


def without(found: Documents, code: str, document_id: str = "") -> Documents:
    """The list without the document on paper, or without that file."""
    gone = {"code": code, "document_id": document_id or None}
    return [one for one in found if one not in (code, gone)]


async def render_documents(writer: Writer, errors: FormErrors | None = None, *, checked: bool = False) -> Response:
    """The list; `checked` with everything that is missing, each at its document or with a link to its field."""
    answer = await writer.ask("GET", "/check")
    if not answer.ok:  # it was submitted
        return redirect_to(writer.page)
    draft = await writer.draft()
    names = {line["code"]: line[writer.lang] for line in answer.body["documents"]}
    labels = fields.labels(writer.lang, fields.shown(draft["content"] or {}, ""))
    if checked and not answer.body["complete"]:
        errors = FormErrors(422, fields.in_order(_missing(writer, answer, draft["content"] or {}), labels | names))
    return render_page(
        writer.request,
        "entry/usage_registration/documents",
        writer.lang,
        scripts=("upload.js",),
        visitor=writer.visitor,
        errors=errors,
        draft=draft,
        path=writer.page,
        lines=[line for line in answer.body["documents"] if not line["by_form"]],
        forms=[line for line in answer.body["documents"] if line["by_form"]],
        files=await writer.files() if any(line["files"] for line in answer.body["documents"]) else {},
        complete=answer.body["complete"],
        labels=labels | names,
        names=names,
    )


async def _token(writer: Writer) -> str:
    """Raises `DraftNotOpen` where nothing can be uploaded (any more)."""
    token = await writer.upload_token()
    if token is None:
        raise DraftNotOpen()
    return token


def _to_document(writer: Writer, code: str) -> Response:
    response = redirect_to(f"{writer.page}/documents")
    response.headers["location"] += f"#{title_of(check_code(code))}"
    return response


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _missing(writer: Writer, answer: Answer, content: Mapping[str, Any]) -> list[Message]:
    entered = content.get("documents") or []
    lacking = [line["code"] for line in answer.body["documents"] if line["required"] and not line["handed_in"]]
    messages = []
    for problem in answer.body["problems"]:
        pointer = problem["pointer"]
        if not organisations.is_document(pointer):
            text, field = organisations.message_of(problem, writer.lang), organisations.field_of(pointer)
            messages.append(Message(text, field, f"{writer.page}?checked=true"))
        elif problem["code"] != "document-missing":
            place = pointer.split("/")[2:3]
            one = entered[int(place[0])] if place and place[0].isdecimal() and int(place[0]) < len(entered) else ""
            messages.append(Message(problem["message"], one["code"] if isinstance(one, dict) else one or None))
    messages += [Message(PAGES[writer.lang]["uploads"]["document_missing"], code) for code in lacking]
    return messages
