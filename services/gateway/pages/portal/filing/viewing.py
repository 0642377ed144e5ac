"""The pages of a file of an application, and its name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.kit.forms import FormErrors, Posted
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.viewer import Words, show_file
from services.gateway.pages.kit.visitor import CurrentVisitor, Visitor
from services.gateway.pages.portal.filing.shown import ShownApplication, read_view
from services.gateway.texts import PAGES
from shared.errors import NotFound

router = page_router()
PATH = "/applications/{application_id:uuid}/documents/{document_id:uuid}/pages"


@router.get(PATH)
async def show_pages(
    application_id: UUID, document_id: UUID, visitor: CurrentVisitor, q: Words = "", done: Done = None
) -> Response:
    """Show the pages of a file, and where a text stands in it."""
    return await _page(await _find(visitor, application_id, document_id), words=q, done=done)


@router.post(PATH)
async def rename_file(application_id: UUID, document_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """Give the file another name."""
    file = await _find(visitor, application_id, document_id)
    answer = await visitor.service("document").call(
        "PATCH", f"/v1/documents/{document_id}", {"file_name": form["file_name"]}, shown=("document-filed",)
    )
    if errors := answer.form_errors(visitor.lang, {"/file_name": "file_name"}):
        return await _page(file, errors=errors, typed=form["file_name"])
    return redirect_to(file.path, done="renamed")


@dataclass(frozen=True, slots=True)
class _File:
    """A file of an application. `known` is what the document service says of it."""

    application: ShownApplication
    known: Mapping[str, Any]

    @property
    def path(self) -> str:
        return f"{self.application.path}/documents/{self.known['id']}/pages"


async def _find(visitor: Visitor, application_id: UUID, document_id: UUID) -> _File:
    view = await read_view(visitor, application_id)
    if str(document_id) not in {view["photo_id"], *(one["document_id"] for one in view["documents"])}:
        raise NotFound()
    known = (await visitor.service("document").fetch(f"/v1/documents/{document_id}")).body
    return _File(ShownApplication(visitor, view), known)


async def _page(
    file: _File,
    *,
    words: str = "",
    errors: FormErrors | None = None,
    typed: str | None = None,
    done: str | None = None,
) -> Response:
    visitor, known = file.application.visitor, file.known
    name = known["file_name"] or PAGES[visitor.lang]["uploads"]["file_unnamed"]
    shown = await show_file(visitor, known["id"], name, words)
    return render_page(
        visitor.request,
        "portal/filing/viewing",
        visitor.lang,
        visitor=visitor,
        errors=errors or shown.errors,
        draft=file.application,
        shown=shown,
        path=file.path,
        may_rename=known["filed_at"] is None,
        typed=typed if typed is not None else (known["file_name"] or ""),
        done="renamed" if done == "renamed" else None,
    )
