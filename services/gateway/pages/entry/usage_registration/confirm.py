"""The check of all answers before a usage registration is submitted (確認画面), each with a link to change it."""

from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.entry.usage_registration.documents import render_documents
from services.gateway.pages.entry.usage_registration.receipt import answers
from services.gateway.pages.entry.usage_registration.writer import CurrentWriter, Writer
from services.gateway.pages.kit.forms import FormErrors, LongForm
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page

router = page_router()


@router.get("/usage-registration/draft/{draft_id:uuid}/confirm")
async def show_answers(draft_id: UUID, writer: CurrentWriter) -> Response:
    """The answers and the documents; what is missing comes first."""
    return await _page(writer)


@router.post("/usage-registration/draft/{draft_id:uuid}/confirm")
async def submit(draft_id: UUID, writer: CurrentWriter, form: LongForm) -> Response:
    """Submit it. The receipt has an address of its own, so that it can be reloaded."""
    answer = await writer.ask("POST", "/submit")
    if answer.ok or answer.code == "draft-submitted":
        return redirect_to(writer.page)
    if answer.status == 422:
        return await render_documents(writer, checked=True)
    return await _page(writer, answer.form_errors(writer.lang))


async def _page(writer: Writer, errors: FormErrors | None = None) -> Response:
    answer = await writer.ask("GET", "/check")
    if not answer.ok:  # it was submitted
        return redirect_to(writer.page)
    if not answer.body["complete"]:
        return await render_documents(writer, checked=True)
    draft = await writer.draft()
    content = draft["content"] or {}
    return render_page(
        writer.request,
        "entry/usage_registration/confirm",
        writer.lang,
        visitor=writer.visitor,
        errors=errors,
        draft=draft,
        path=writer.page,
        lines=answers(content, writer.lang, draft["language"]),
        documents=[line for line in answer.body["documents"] if line["handed_in"]],
        files=await writer.files() if any(line["files"] for line in answer.body["documents"]) else {},
    )
