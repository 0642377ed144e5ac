"""The pages of a file as pictures, search in its text, and its name."""

from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Path, Query
from starlette.responses import Response

from services.gateway.pages.kit.forms import FormErrors, Posted
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import CurrentVisitor, Visitor
from services.gateway.pages.portal.filing.shown import ShownApplication, read_view
from services.gateway.texts import PAGES
from shared.errors import NotFound

router = page_router()
PATH = "/applications/{application_id:uuid}/documents/{document_id:uuid}/pages"
# Of the file that is shown: it is named in the address, and may be gone, not scanned yet, or in quarantine.
_NOT_SHOWN = ("file-not-scanned", "file-quarantined", "file-altered")
PageNumber = Annotated[int, Path(le=100_000)]
Words = Annotated[str, Query(max_length=200)]


@router.get(PATH)
async def show_pages(
    application_id: UUID, document_id: UUID, visitor: CurrentVisitor, q: Words = "", done: Done = None
) -> Response:
    """Show the pages of a file, and where a text stands in it."""
    return await _page(await _find(visitor, application_id, document_id), words=q, done=done)


@router.post(PATH)
async def rename_file(application_id: UUID, document_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """Give the file another name."""
    shown = await _find(visitor, application_id, document_id)
    answer = await visitor.service("document").call(
        "PATCH", f"/v1/documents/{document_id}", {"file_name": form["file_name"]}, shown=("document-filed",)
    )
    if errors := answer.form_errors(visitor.lang, {"/file_name": "file_name"}):
        return await _page(shown, errors=errors, typed=form["file_name"])
    return redirect_to(shown.path, done="renamed")


@router.get("/previews/{ticket}/{number:int}")
async def show_picture(ticket: str, number: PageNumber, visitor: CurrentVisitor, size: Words = "page") -> Response:
    """The picture of a page, as the document service draws it, from a path where there is nothing else."""
    answer = await visitor.service("document").download(
        f"/v1/previews/{ticket}/{number}?{urlencode({'size': size})}", *_NOT_SHOWN, "preview-not-possible"
    )
    if answer is None:
        raise NotFound()
    return answer


@dataclass(frozen=True, slots=True)
class _Shown:
    """A file of an application. `known` is what the document service says of it."""

    application: ShownApplication
    known: dict[str, Any]

    @property
    def path(self) -> str:
        return f"{self.application.path}/documents/{self.known['id']}/pages"


async def _find(visitor: Visitor, application_id: UUID, document_id: UUID) -> _Shown:
    view = await read_view(visitor, application_id)
    if str(document_id) not in {view["photo_id"], *(one["document_id"] for one in view["documents"])}:
        raise NotFound()
    known = (await visitor.service("document").fetch(f"/v1/documents/{document_id}")).body
    return _Shown(ShownApplication(visitor, view), known)


async def _page(
    shown: _Shown,
    *,
    words: str = "",
    errors: FormErrors | None = None,
    typed: str | None = None,
    done: str | None = None,
) -> Response:
    visitor = shown.application.visitor
    service, document_id = visitor.service("document"), shown.known["id"]
    preview = await service.call("GET", f"/v1/documents/{document_id}/preview", shown=_NOT_SHOWN)
    found = None
    if words.strip() and preview.ok:
        answer = await service.call("GET", f"/v1/documents/{document_id}/search?{urlencode({'q': words})}")
        errors = errors or answer.form_errors(visitor.lang, {"/q": "q"})
        found = answer.body if answer.ok else None
    return render_page(
        visitor.request,
        "portal/filing/viewing",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        draft=shown.application,
        known=shown.known,
        file_name=shown.known["file_name"] or PAGES[visitor.lang]["uploads"]["file_unnamed"],
        path=shown.path,
        pages=preview.body["pages"] if preview.ok else [],
        refused=None if preview.ok else preview.body,
        words=words,
        found=found,
        by_page=[(page, list(each)) for page, each in groupby(found["matches"], lambda one: one["page"])]
        if found
        else [],
        may_rename=shown.known["filed_at"] is None,
        typed=typed if typed is not None else (shown.known["file_name"] or ""),
        done="renamed" if done == "renamed" else None,
    )
