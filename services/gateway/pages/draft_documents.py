"""The documents of a draft: as files or on paper; then the check, and handing in."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from starlette.responses import Response

from services.gateway.desk import TheDesk
from services.gateway.pages import draft_fields as fields
from services.gateway.pages.asking import Answer
from services.gateway.pages.draft import Checked
from services.gateway.pages.forms import Message, Trouble
from services.gateway.pages.frame import PageLanguage, page, page_router, see
from services.gateway.pages.uploading import delete, known_code, pass_on, refusal
from services.gateway.pages.writers import CurrentWriter, Documents, DraftNotOpen, LongForm, Writer, writer_of
from services.gateway.texts import PAGES

router = page_router()
# In the address, because the form is passed on unread.
CsrfToken = Annotated[str, Query(max_length=200)]


@router.get("/usage-registration/draft/{draft_id:uuid}/documents")
async def documents(draft_id: UUID, writer: CurrentWriter, checked: Checked = False) -> Response:
    """Every document of the user class, and what is there."""
    return await documents_page(writer, checked=checked)


@router.post("/usage-registration/draft/{draft_id:uuid}/documents")
async def changed(draft_id: UUID, writer: CurrentWriter, form: LongForm) -> Response:
    """Say that a document comes on paper, take one back, or hand everything in."""
    code, document_id = form["code"], form["document_id"]
    if form["do"] == "submit":
        answer = await writer.ask("POST", "/submit")
        if answer.ok or answer.code == "draft-submitted":
            return see(writer.page)
        return await documents_page(writer, answer.trouble(writer.lang), checked=answer.status == 422)
    if form["do"] == "paper":
        answer = await writer.change_documents(lambda found: [*without(found, code), code])
    else:
        answer = await writer.change_documents(lambda found: without(found, code, document_id))
        if answer.ok and (file := _uuid(document_id)):
            await delete(writer.request, writer.desk, writer.lang, await _token(writer), file)
    if trouble := answer.trouble(writer.lang):
        return await documents_page(writer, trouble)
    return _at(writer, code)


@router.get("/upload/usage-registration/{draft_id:uuid}/{code}")
async def after_upload(draft_id: UUID, code: str) -> Response:
    """For who reloads the page that told them of a mistake."""
    return see(f"/usage-registration/draft/{draft_id}/documents")


@router.post("/upload/usage-registration/{draft_id:uuid}/{code}")
async def uploaded(
    draft_id: UUID, code: str, request: Request, desk: TheDesk, lang: PageLanguage, csrf_token: CsrfToken = ""
) -> Response:
    """One file of a document. It is not read here: who holds the draft is known before its first byte is asked for."""
    writer = await writer_of(request, desk, lang, draft_id, csrf_token)
    answer = await pass_on(request, desk, lang, await _token(writer))
    if answer.ok:
        file = {"code": known_code(code), "document_id": answer.body["id"]}
        answer = await writer.change_documents(lambda found: [*without(found, code), file])
    if trouble := refusal(answer, lang, code):
        return await documents_page(writer, trouble)
    return _at(writer, code)


def without(found: Documents, code: str, document_id: str = "") -> Documents:
    """The list without the document on paper, or without that file."""
    gone = {"code": code, "document_id": document_id or None}
    return [one for one in found if one not in (code, gone)]


def title_of(code: str) -> str:
    """The id of a document's heading."""
    return f"{code}-title"


async def documents_page(writer: Writer, trouble: Trouble | None = None, *, checked: bool = False) -> Response:
    """The list; `checked` with everything that is missing, each at its document or with a link to its field."""
    answer = await writer.ask("GET", "/check")
    if not answer.ok:  # it was handed in
        return see(writer.page)
    draft = await writer.draft()
    if checked and not answer.body["complete"]:
        trouble = Trouble(422, tuple(_missing(writer, answer, draft["content"] or {})))
    names = {line["code"]: line[writer.lang] for line in answer.body["documents"]}
    return page(
        writer.request,
        "draft_documents",
        writer.lang,
        visitor=writer.visitor,
        trouble=trouble,
        draft=draft,
        path=writer.page,
        lines=answer.body["documents"],
        complete=answer.body["complete"],
        labels=fields.labels(writer.lang, fields.shown(draft["content"] or {}, "")) | names,
        names=names,
    )


async def _token(writer: Writer) -> str:
    """Raises `DraftNotOpen` where nothing can be uploaded (any more)."""
    answer = await writer.ask("POST", "/upload-token")
    if not answer.ok:
        raise DraftNotOpen()
    token: str = answer.body["access_token"]
    return token


def _at(writer: Writer, code: str) -> Response:
    response = see(f"{writer.page}/documents")
    response.headers["location"] += f"#{title_of(known_code(code))}"
    return response


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _missing(writer: Writer, answer: Answer, content: Mapping[str, Any]) -> list[Message]:
    entered = content.get("documents") or []
    lacking = [line["code"] for line in answer.body["documents"] if line["required"] and not line["handed_in"]]
    messages = [Message(PAGES[writer.lang]["draft_document_missing"], code) for code in lacking]
    for problem in answer.body["problems"]:
        pointer = problem["pointer"]
        if not fields.is_document(pointer):
            messages.append(Message(problem["message"], fields.field_of(pointer), f"{writer.page}?checked=true"))
        elif problem["code"] != "document-missing":
            place = pointer.split("/")[2:3]
            one = entered[int(place[0])] if place and place[0].isdecimal() and int(place[0]) < len(entered) else ""
            messages.append(Message(problem["message"], one["code"] if isinstance(one, dict) else one or None))
    return messages
