"""A file as pictures of its pages, with search in its text: for everybody who may see it, on whichever page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Path, Query
from starlette.responses import Response

from services.gateway.pages.kit.forms import FormErrors
from services.gateway.pages.kit.frame import page_router
from services.gateway.pages.kit.visitor import CurrentVisitor, Visitor
from shared.errors import NotFound

router = page_router()
# Of the file that is shown: it is named in the address, and may be gone, not scanned yet, or in quarantine.
_NOT_SHOWN = ("file-not-scanned", "file-quarantined", "file-altered")
PageNumber = Annotated[int, Path(le=100_000)]
Words = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file whose pages are shown. `refused` is the problem where they are not; `found` is the answer to a search for
    `words`, None without one."""

    id: str
    name: str
    kind: str = "pdf"
    pages: Sequence[Mapping[str, Any]] = ()
    refused: Mapping[str, Any] | None = None
    words: str = ""
    found: Mapping[str, Any] | None = None
    errors: FormErrors | None = None

    @property
    def by_page(self) -> list[tuple[int, list[Mapping[str, Any]]]]:
        """The places where the words stand, by page."""
        matches = self.found["matches"] if self.found else ()
        return [(page, list(each)) for page, each in groupby(matches, lambda one: int(one["page"]))]

    @property
    def boxes(self) -> dict[int, list[Mapping[str, float]]]:
        """The rectangles to mark on each page."""
        return {page: [box for one in each for box in one["boxes"]] for page, each in self.by_page}


async def show_file(visitor: Visitor, document_id: str, name: str, words: str = "") -> ShownFile:
    """The pages of a file that the visitor may see, and where `words` stand in it. Raises `Gone` for any other."""
    service = visitor.service("document")
    preview = await service.call("GET", f"/v1/documents/{document_id}/preview", shown=_NOT_SHOWN)
    if not preview.ok:
        return ShownFile(document_id, name, refused=preview.body, words=words)
    shown = ShownFile(document_id, name, preview.body["kind"], preview.body["pages"], words=words)
    if not words.strip():
        return shown
    answer = await service.call("GET", f"/v1/documents/{document_id}/search?{urlencode({'q': words})}")
    if errors := answer.form_errors(visitor.lang, {"/q": "q"}):
        return replace(shown, errors=errors)
    return replace(shown, found=answer.body)


@router.get("/previews/{ticket}/{number:int}")
async def show_picture(ticket: str, number: PageNumber, visitor: CurrentVisitor, size: Words = "page") -> Response:
    """The picture of a page, as the document service draws it, from a path where there is nothing else."""
    answer = await visitor.service("document").download(
        f"/v1/previews/{ticket}/{number}?{urlencode({'size': size})}", *_NOT_SHOWN, "preview-not-possible"
    )
    if answer is None:
        raise NotFound()
    return answer
