"""The documents of a draft: which are asked for and why, and the files that hold them."""

from collections.abc import Mapping, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from starlette.responses import Response

from services.gateway.edge.context import CurrentGateway
from services.gateway.pages.kit.forms import FormErrors, LongForm
from services.gateway.pages.kit.frame import Done, PageLanguage, page_router, redirect_to, render_page
from services.gateway.pages.kit.uploads import CsrfToken, check_code, offered_copy, send_file, upload_errors
from services.gateway.pages.kit.visitor import CurrentVisitor, LongFormVisitor, require_visitor
from services.gateway.pages.portal.filing.draft import DOCUMENTS, Draft, find_draft, not_saved
from services.gateway.pages.portal.filing.files import Attachments, Change, attach, delete_sent, list_sent
from services.gateway.pages.portal.filing.photo import photo_page
from services.gateway.pages.portal.filing.picture_pages import MOVES, Page, pages_on_form, put_in_order
from services.gateway.pages.portal.filing.shown import read_view
from services.gateway.pages.portal.filing.steps import step_after, steps_of
from services.gateway.pages.portal.filing.wanted import CROP_FIELDS, PHOTO_CODE, choices_of, files_of, wanted_documents
from services.gateway.texts import PAGES
from shared.clock import legal_date
from shared.errors import NotFound
from shared.reference.files import MEGABYTE, file_limits

router = page_router()
PATH = "/applications/{application_id:uuid}/documents"
UPLOAD = "/upload/applications/{application_id:uuid}/{code}"
# In place of a document's code: the form says with ticks which documents its file holds.
SEVERAL = "SEVERAL"
SCRIPT = ("upload.js", "pages.js")
_DONE = ("uploaded", "removed", "changed", "moved")
_MOVES = {"up": -1, "down": 1}
_DONE_BY = {"codes": "changed", "up": "moved", "down": "moved"}


@router.get(PATH)
async def show_documents(application_id: UUID, visitor: CurrentVisitor, done: Done = None) -> Response:
    """List the documents that are asked for, with the files that hold them."""
    draft = await find_draft(visitor, application_id)
    if draft is None:
        return redirect_to(f"/applications/{application_id}")
    return await _page(draft, done=done)


@router.post(PATH)
async def change_documents(application_id: UUID, visitor: LongFormVisitor, form: LongForm) -> Response:
    """Remove a file, move it up or down, or say otherwise which documents it holds."""
    draft = await find_draft(visitor, application_id)
    if draft is None:
        return redirect_to(f"/applications/{application_id}")
    document_id = str(form.id("document_id"))
    if document_id not in {one["document_id"] for one in draft.view["documents"]}:
        # Removed already: the button was pressed twice, or in another tab.
        return redirect_to(f"{draft.path}/documents")
    if form["do"] == "codes":
        codes = tuple(check_code(code) for code in form.every("codes"))
        if not codes:
            error = FormErrors.on(PAGES[visitor.lang]["filing"]["tick_one"], f"codes-{document_id}")
            return await _page(draft, error)
        answer = await attach(draft, Change(document_id=document_id, codes=codes))
    elif places := _MOVES.get(form["do"]):
        answer = await attach(draft, Change(moved=(document_id, places)))
    elif form["do"] == "pages" or MOVES.fullmatch(form["do"]):
        return await _reordered(draft, document_id, form)
    elif form["do"] == "improve":
        return await _improved(draft, document_id, form)
    else:
        answer = await attach(draft, Change(removed=(document_id,)))
        if answer.ok:
            await delete_sent(draft, document_id)
    if errors := not_saved(answer, visitor.lang):
        return await _page(draft, errors)
    return redirect_to(f"{draft.path}/documents", done=_DONE_BY.get(form["do"], "removed"))


async def _improved(draft: Draft, document_id: str, form: LongForm) -> Response:
    """Offer a copy of a usable file, without what was found in it."""
    body = {"codes": form.every("improve")}
    answer = await draft.visitor.service("document").call(
        "POST", f"/v1/documents/{document_id}/copies", body, shown=("no-copy", "quota-reached", "document-filed")
    )
    field = f"copy-{document_id}"
    if errors := upload_errors(answer, draft.lang, field, ()):
        return await _page(draft, errors)
    return await _page(draft, offered=FormErrors(200, (), offer=offered_copy(field, answer.body)))


async def _reordered(draft: Draft, document_id: str, form: LongForm) -> Response:
    """The pages of a document that was made of pictures in the order of the form: shown, or kept."""
    sent = await list_sent(draft)
    if not (sent.get(document_id) or {}).get("page_names"):
        return redirect_to(f"{draft.path}/documents")
    order = {document_id: pages_on_form(form, sent[document_id])}
    if form["do"] != "pages":
        return await _page(draft, order=order)
    if errors := await put_in_order(draft, document_id, sent, form):
        return await _page(draft, errors, order=order)
    return redirect_to(f"{draft.path}/documents", done="changed")


@router.get(f"{PATH}/{{document_id:uuid}}")
async def open_file(application_id: UUID, document_id: UUID, visitor: CurrentVisitor) -> Response:
    """Open a file of the application."""
    view = await read_view(visitor, application_id)
    if str(document_id) not in {view["photo_id"], *(one["document_id"] for one in view["documents"])}:
        raise NotFound()
    answer = await visitor.service("document").fetch(f"/v1/documents/{document_id}/link")
    return redirect_to(answer.body["url"])


@router.get("/applications/copies/{document_id:uuid}")
async def see_copy(document_id: UUID, visitor: CurrentVisitor) -> Response:
    """Open a repaired copy before it is taken."""
    answer = await visitor.service("document").fetch(f"/v1/documents/{document_id}/link")
    return redirect_to(answer.body["url"])


@router.get(UPLOAD)
async def return_to_documents(application_id: UUID, code: str) -> Response:
    """Redirect a reload of the page that showed a mistake."""
    return redirect_to(f"/applications/{application_id}/{'photo' if code == PHOTO_CODE else 'documents'}")


@router.post(UPLOAD)
async def upload_file(
    application_id: UUID,
    code: str,
    request: Request,
    gateway: CurrentGateway,
    lang: PageLanguage,
    csrf_token: CsrfToken = "",
    replaces: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Send a file to the document service, and attach it. It is not read here: the draft is known before its first byte
    is requested."""
    visitor = await require_visitor(request, gateway, lang, csrf_token)
    code = check_code(code)
    draft = await find_draft(visitor, application_id)
    if draft is None:
        return redirect_to(f"/applications/{application_id}")
    answer = await send_file(visitor.service("document"))
    if errors := upload_errors(answer, lang, code, CROP_FIELDS if code == PHOTO_CODE else ()):
        return await _refused(draft, code, errors)
    sent = answer.body
    errors = await _attached(draft, code, sent["id"], tuple(sent["codes"]), str(replaces) if replaces else None)
    if errors:
        await delete_sent(draft, sent["id"])
        return await _refused(draft, code, errors)
    response = redirect_to(f"{draft.path}/{'photo' if code == PHOTO_CODE else 'documents'}", done="uploaded")
    if code not in (PHOTO_CODE, SEVERAL):
        response.headers["location"] += f"#{code}-title"
    return response


async def _attached(
    draft: Draft, code: str, document_id: str, codes: tuple[str, ...], replaced: str | None
) -> FormErrors | None:
    """Attach the file in place of the one that it replaces; the reason why it could not be."""
    files = Attachments.of(draft.view)
    if code == PHOTO_CODE:
        replaced = files.photo_id
        change = Change(photo_id=document_id, removed=(replaced,) if replaced else ())
    elif not codes:
        return FormErrors.on(PAGES[draft.lang]["filing"]["tick_one"], code)
    else:
        replaced = replaced if replaced in {one for one, _ in files.documents} else None
        change = Change(document_id=document_id, codes=codes, removed=(replaced,) if replaced else ())
    answer = await attach(draft, change)
    if answer.ok and replaced:
        await delete_sent(draft, replaced)
    return not_saved(answer, draft.lang)


async def _refused(draft: Draft, code: str, errors: FormErrors) -> Response:
    return await (photo_page(draft, errors) if code == PHOTO_CODE else _page(draft, errors))


async def _page(
    draft: Draft,
    errors: FormErrors | None = None,
    done: str | None = None,
    order: Mapping[str, Sequence[Page]] | None = None,
    offered: FormErrors | None = None,
) -> Response:
    check = await draft.check()
    sent = await list_sent(draft)
    wanted = wanted_documents(draft, check, sent)
    visitor = draft.visitor
    limits = file_limits(legal_date(visitor.gateway.clock.now()))
    files = files_of(draft, sent)
    texts = PAGES[visitor.lang]["filing"]
    attached = {draft.view["photo_id"], *(one.id for one in files)}
    total = sum(one["size"] for one in sent.values() if one["id"] in attached)
    return render_page(
        visitor.request,
        "portal/filing/documents",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        scripts=SCRIPT,
        draft=draft,
        wanted=wanted,
        files=files,
        choices={one.id: choices_of(one, wanted) for one in files},
        not_wanted={one.id for one in files if not {*one.codes} & {want.code for want in wanted}},
        order=order or {},
        offered=offered,
        pictures=[one for one in files if one.page_names],
        upload_path=f"/upload/applications/{draft.id}",
        labels={one.code: one.name for one in wanted}
        | {f"codes-{one.id}": texts["codes_legend"].format(name=one.file_name(visitor.lang)) for one in files},
        most_files=limits.files,
        most_megabytes=limits.total_bytes // MEGABYTE,
        number=len(files) + (draft.view["photo_id"] is not None),
        total=total,
        problems=[one for one in draft.problems(check["problems"]) if one.place == DOCUMENTS],
        next_path=step_after(draft, DOCUMENTS),
        steps=steps_of(draft),
        done=done if done in _DONE else None,
    )
