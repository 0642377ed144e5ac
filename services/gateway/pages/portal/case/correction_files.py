"""Correcting the photo and the documents of a filed application: new files, files that are taken off, what changes side
by side, then the correction."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.context import CurrentGateway
from services.gateway.pages.kit.client import Answer
from services.gateway.pages.kit.forms import Form, FormErrors, LongForm, Message
from services.gateway.pages.kit.frame import Done, PageLanguage, page_router, redirect_to, render_page
from services.gateway.pages.kit.uploads import CsrfToken, send_file, upload_errors
from services.gateway.pages.kit.visitor import CurrentVisitor, LongFormVisitor, require_visitor
from services.gateway.pages.portal.case.corrected_files import (
    NAME,
    CorrectedFiles,
    read_files,
    removed,
    said,
)
from services.gateway.pages.portal.case.filed import PATH
from services.gateway.pages.portal.filing.files import delete_sent, moved
from services.gateway.pages.portal.filing.shown import APPLICATIONS
from services.gateway.pages.portal.filing.wanted import PHOTO_CODE
from services.gateway.texts import PAGES
from shared.errors import NotFound
from shared.reference.files import photo_rules

router = page_router()
FILES = f"{PATH}/{NAME}"
UPLOAD = "/upload/corrections"
# The field of a file of documents: its form says with ticks which it holds.
DOCUMENTS = "SEVERAL"
SCRIPT = ("upload.js",)
_DONE = ("uploaded", "removed")
_MOVES = {"up": -1, "down": 1}


@router.get(FILES)
async def show_files(application_id: UUID, visitor: CurrentVisitor, done: Done = None) -> Response:
    """Show the files as they were filed, and those that were sent for a correction."""
    files = await read_files(visitor, application_id)
    if files is None:
        return redirect_to(f"{APPLICATIONS}/{application_id}/correction")
    return _page(files, Form(), done=done)


@router.post(FILES)
async def correct_files(application_id: UUID, visitor: LongFormVisitor, form: LongForm) -> Response:
    """Show what would change, or make the correction; or remove a file that was sent for it, or show another order."""
    files = await read_files(visitor, application_id)
    if files is None:
        return redirect_to(f"{APPLICATIONS}/{application_id}/correction")
    if form["do"] == "remove":
        # Not among them: the button was pressed twice, or in another tab.
        if form["document_id"] in files.added.split():
            await delete_sent(files.filed, form["document_id"])
        return redirect_to(files.path, done="removed")
    if form["do"] not in ("check", "go"):
        act, _, document_id = form["do"].partition(":")
        order = moved([one.id for one in files.after(form)], document_id, _MOVES.get(act, 0))
        return _page(files, form.with_field("order", " ".join(order)))
    if form["do"] == "go" and not files.patch(form) and form.revision != files.filed.view["revision"]:
        # The button was pressed twice: the correction is made.
        return redirect_to(files.filed.path, done="corrected")
    texts = PAGES[visitor.lang]["case"]
    missing = [] if files.patch(form) else [Message(texts["correct_nothing"])]
    missing += [] if form["reason"].strip() else [Message(texts["correct_need_reason"], "reason")]
    if missing:
        return _page(files, form, FormErrors(422, tuple(missing)))
    if form["do"] == "check":
        return _confirmation(files, form)
    if form["added"] != files.added:
        # Another file was sent since: what was confirmed is not what would be filed.
        return _page(files, form, FormErrors(409, (Message(texts["correct_changed_since"]),)))
    return await _correct(files, form)


@router.get(f"{FILES}/{{document_id:uuid}}")
async def open_file(application_id: UUID, document_id: UUID, visitor: CurrentVisitor) -> Response:
    """Open a file that was filed, or was sent for a correction."""
    files = await read_files(visitor, application_id)
    filed = [files.photo["id"]] if files and files.photo else []
    known = [*filed, *files.added.split(), *(one.id for one in files.documents)] if files else []
    if str(document_id) not in known:
        raise NotFound()
    link = await visitor.service("document").fetch(f"/v1/documents/{document_id}/link")
    return redirect_to(link.body["url"])


@router.get(f"{UPLOAD}/{{application_id:uuid}}/{{code}}")
async def return_to_files(application_id: UUID, code: str) -> Response:
    """Redirect a reload of the page that showed a mistake."""
    return redirect_to(f"{APPLICATIONS}/{application_id}/{NAME}")


@router.post(f"{UPLOAD}/{{application_id:uuid}}/{{code}}")
async def upload_file(
    application_id: UUID,
    code: str,
    request: Request,
    gateway: CurrentGateway,
    lang: PageLanguage,
    csrf_token: CsrfToken = "",
) -> Response:
    """Send a file on: it waits for the correction. It is not read here: the application is known before its first byte
    is requested."""
    visitor = await require_visitor(request, gateway, lang, csrf_token)
    if code not in (PHOTO_CODE, DOCUMENTS):
        raise NotFound()
    files = await read_files(visitor, application_id)
    if files is None:
        return redirect_to(f"{APPLICATIONS}/{application_id}/correction")
    answer = await send_file(visitor.service("document"))
    if errors := upload_errors(answer, lang, code):
        return _page(files, Form(), errors)
    if code == PHOTO_CODE:
        for earlier in files.new_photos:
            await delete_sent(files.filed, str(earlier["id"]))
    elif not answer.body["codes"]:
        await delete_sent(files.filed, answer.body["id"])
        return _page(files, Form(), FormErrors.on(PAGES[lang]["filing"]["tick_one"], code))
    return redirect_to(files.path, done="uploaded")


async def _correct(files: CorrectedFiles, form: Form) -> Response:
    body = files.patch(form) | {"reason": form["reason"]}
    read = {"If-Match": f'"{form.revision}"'}
    filed = files.filed
    answer = await filed.change("corrections", body, form, **read)
    if answer.ok:
        return redirect_to(filed.path, done="corrected" if answer.body["state"] == "corrected" else "asked")
    if answer.status == 412:
        form = form.seen(filed.view["revision"])
    return _page(files, form, _errors(files, answer))


def _errors(files: CorrectedFiles, answer: Answer) -> FormErrors | None:
    lang = files.filed.lang
    if answer.status == 412:
        return FormErrors(409, (Message(PAGES[lang]["case"]["correct_changed_since"]),))
    pointers = [str(one["pointer"]) for one in answer.body.get("errors") or ()]
    fields = {pointer: DOCUMENTS for pointer in pointers if pointer.startswith("/documents")}
    return answer.form_errors(lang, fields | {"/photo_id": PHOTO_CODE, "/reason": "reason"})


def _page(files: CorrectedFiles, form: Form, errors: FormErrors | None = None, done: str | None = None) -> Response:
    filed, texts = files.filed, PAGES[files.filed.lang]["case"]
    boxes = [(removed(one), said(one, filed), one.names, form[removed(one)] == "yes") for one in files.documents]
    return render_page(
        filed.visitor.request,
        "portal/case/correction_files",
        filed.lang,
        visitor=filed.visitor,
        filed=filed,
        errors=errors,
        scripts=SCRIPT,
        files=files,
        boxes=boxes,
        ordered=[(one.id, said(one, filed), one.names) for one in files.after(form)],
        rules=photo_rules(filed.visitor.today),
        labels={
            PHOTO_CODE: PAGES[filed.lang]["filing"]["photo"],
            DOCUMENTS: texts["correct_documents_add"],
            "reason": texts["correct_reason"],
        },
        upload_path=f"{UPLOAD}/{filed.id}",
        token=filed.visitor.csrf_token,
        revision=form["revision"] or filed.view["revision"],
        reason=form["reason"],
        done=done if done in _DONE else None,
    )


def _confirmation(files: CorrectedFiles, form: Form) -> Response:
    filed = files.filed
    return render_page(
        filed.visitor.request,
        "portal/case/correction_confirm",
        filed.lang,
        visitor=filed.visitor,
        filed=filed,
        changes=list(files.changes(form)),
        kept={name: text for name, text in form.items() if name.startswith("removed-")}
        | {"added": files.added, "order": form["order"]},
        path=files.path,
        possible=files.possible,
        revision=form["revision"],
        reason=form["reason"],
    )
