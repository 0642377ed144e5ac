"""`/desk/applications`: a filed application by its receipt number, with its form and files, for everybody who reads it.

Reception answers people at the counter and on the telephone, and sees no case: what the applicant filed is all of it.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.desk.case_file.case import optional
from services.gateway.pages.desk.case_file.files import files_of, listed_files
from services.gateway.pages.desk.case_file.form import parts_of
from services.gateway.pages.kit.client import Gone
from services.gateway.pages.kit.form_data import find_form
from services.gateway.pages.kit.forms import FormErrors
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.names import office_name, procedure_name, status_name
from services.gateway.pages.kit.viewer import Words, show_file
from services.gateway.pages.kit.visitor import OfficerVisitor, Visitor
from services.gateway.texts import PAGES
from shared.auth import Record
from shared.errors import Forbidden, NotFound
from shared.http import Lang

router = page_router()
APPLICATIONS = "/desk/applications"
PATH = f"{APPLICATIONS}/{{application_id:uuid}}"
FILE = f"{PATH}/files/{{document_id:uuid}}"


@dataclass(frozen=True, slots=True)
class Received:
    """A filed application as the officers of its office read it."""

    visitor: Visitor
    view: Mapping[str, Any]
    requested: Mapping[str, Any] | None

    @property
    def lang(self) -> Lang:
        return self.visitor.lang

    @property
    def path(self) -> str:
        return f"{APPLICATIONS}/{self.view['id']}"

    @property
    def number(self) -> str:
        """The receipt number."""
        return str(self.view["receipt_number"])

    @property
    def procedure(self) -> str:
        return procedure_name(self.view["procedure"], self.lang)

    @property
    def status_of_residence(self) -> str:
        return status_name(self.view["status_of_residence"], self.lang)

    @property
    def office(self) -> str:
        """The office that has it now."""
        return office_name(self.view["handling_office"], self.lang)


@router.get(APPLICATIONS)
async def find(visitor: OfficerVisitor, number: Words = "") -> Response:
    """Show the field for a receipt number, and lead to the application that has it."""
    _require_reader(visitor)
    if not number.strip():
        return _search(visitor, "")
    asked = urlencode({"receipt_number": number[:80]})
    try:
        answer = await visitor.service("application").call("GET", f"/v1/applications/received?{asked}")
    except Gone:
        return _search(visitor, number, is_unknown=True)
    if errors := answer.form_errors(visitor.lang, {"/receipt_number": "number"}):
        return _search(visitor, number, errors)
    return redirect_to(f"{APPLICATIONS}/{answer.body['id']}")


@router.get(PATH)
async def show(application_id: UUID, visitor: OfficerVisitor) -> Response:
    """Show the form and the files, with what their checks found."""
    return await _page(await _read(visitor, application_id))


@router.get(FILE)
async def download(application_id: UUID, document_id: UUID, visitor: OfficerVisitor) -> Response:
    """Lead to a file, which downloads; where it cannot be opened yet, show the application with the reason."""
    received = await _read(visitor, application_id)
    link = await visitor.service("document").call("GET", f"/v1/documents/{document_id}/link")
    if errors := link.form_errors(visitor.lang):
        return await _page(received, errors)
    return redirect_to(link.body["url"])


@router.get(f"{FILE}/pages")
async def show_pages(application_id: UUID, document_id: UUID, visitor: OfficerVisitor, q: Words = "") -> Response:
    """Show the pages of a file beside the form, and where a text stands in it."""
    received = await _read(visitor, application_id)
    files = list(listed_files(received, received.view, received.requested))
    names = next((one.names for one in files if one.id == str(document_id)), None)
    if names is None:
        raise NotFound()
    shown = await show_file(visitor, str(document_id), PAGES[visitor.lang]["case_file"]["and"].join(names), q)
    return render_page(
        visitor.request,
        "desk/received/viewing",
        visitor.lang,
        visitor=visitor,
        errors=shown.errors,
        received=received,
        files=files,
        form=parts_of(await find_form(visitor.gateway, received.view, visitor.lang), received.view, visitor.lang),
        shown=shown,
        base=received.path,
        path=f"{received.path}/files/{document_id}/pages",
    )


def _require_reader(visitor: Visitor) -> None:
    if not visitor.reads(Record.APPLICATION):
        raise Forbidden()


async def _read(visitor: Visitor, application_id: UUID) -> Received:
    """An application of the visitor's office. Raises `Gone` for any other."""
    _require_reader(visitor)
    path = f"/v1/applications/{application_id}"
    found, requested = await asyncio.gather(
        visitor.service("application").fetch(path), optional(visitor, "application", f"{path}/requested-documents")
    )
    return Received(visitor, found.body, requested)


def _search(visitor: Visitor, number: str, errors: FormErrors | None = None, *, is_unknown: bool = False) -> Response:
    return render_page(
        visitor.request,
        "desk/received/search",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        number=number,
        is_unknown=is_unknown,
    )


async def _page(received: Received, errors: FormErrors | None = None) -> Response:
    visitor, view = received.visitor, received.view
    known, form = await asyncio.gather(
        optional(visitor, "document", f"/v1/documents/by-application/{view['id']}"),
        find_form(visitor.gateway, view, visitor.lang),
    )
    return render_page(
        visitor.request,
        "desk/received/application",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        received=received,
        files=files_of(received, view, received.requested, known),
        form=parts_of(form, view, visitor.lang),
    )
