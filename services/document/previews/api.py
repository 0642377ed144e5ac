"""HTTP of previews: the pages of a file, their pictures, and search in its text."""

from itertools import islice
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from services.document.audit import Tag
from services.document.files.api import READERS, address_of
from services.document.files.domain import Kind, PreviewSize, Tickets
from services.document.previews.commands.showing import Asker, Previews, open_preview, pages_of
from services.document.previews.domain import MOST_MATCHES, search
from services.document.previews.schemas import MatchBody, PreviewBody, PreviewPage, SearchBody, Wanted
from shared.auth import Actor, permit
from shared.http import refusals
from shared.http.marks import RequestMark
from shared.service import CurrentRuntime
from shared.text.typed import AsSent

Reader = Annotated[Actor, permit(*READERS)]
TicketText = Annotated[
    str, AsSent("anything is a ticket: what nobody signed opens nothing"), Path(max_length=200, examples=["AaIJEf17…"])
]
router = APIRouter(tags=["documents"])
_JPEG = {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}, "description": "The page"}
# The picture alone: whatever it holds, it is neither a page nor anything else that a browser would run.
_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


async def _previews(request: Request) -> Previews:
    previews: Previews = request.app.state.previews
    return previews


async def _tickets(request: Request) -> Tickets:
    tickets: Tickets = request.app.state.tickets
    return tickets


async def _asker(request: Request, reader: Reader, mark: RequestMark) -> Asker:
    return Asker(reader, mark, address_of(request))


Shown = Annotated[Previews, Depends(_previews)]
Asking = Annotated[Asker, Depends(_asker)]


@router.get("/v1/documents/{document_id}/preview", responses=refusals(409))
async def preview(
    request: Request,
    document_id: UUID,
    reader: Reader,
    mark: RequestMark,
    runtime: CurrentRuntime,
    tickets: Annotated[Tickets, Depends(_tickets)],
) -> PreviewBody:
    """The pages of a file as pictures that this service draws: nothing of the file itself runs in a browser.

    An officer's view is journalled. 409 `file-not-scanned` until the file is scanned for malware, `file-quarantined`
    where some was found.
    """
    async with runtime.commands.work(reader, mark) as work:
        document = await open_preview(work, document_id, request.app.state.scans)
    assert reader.account_id is not None
    now = runtime.clock.now()
    link = tickets.link(reader.account_id, document_id, now)
    pages = [
        PreviewPage(
            number=number,
            image=f"{link}/{number}?size={PreviewSize.PAGE}",
            thumbnail=f"{link}/{number}?size={PreviewSize.THUMBNAIL}",
        )
        for number in range(1, pages_of(document) + 1)
    ]
    return PreviewBody(document_id=document_id, kind=document.kind, expires_at=now + tickets.lifetime, pages=pages)


@router.get(
    "/v1/previews/{ticket}/{number}",
    response_class=Response,
    responses={200: _JPEG, **refusals(409, 429)},
)
async def page(
    ticket: TicketText,
    number: Annotated[int, Path(ge=1, le=100_000, description="from 1")],
    asker: Asking,
    shown: Shown,
    size: PreviewSize = PreviewSize.PAGE,
) -> Response:
    """The picture of a page, by the link that `preview` gave. 404 `preview-link-over` for anybody else, and when its
    time is over; 409 `preview-not-possible` for a page that cannot be drawn."""
    content = await shown.page(asker, ticket, number, size)
    return Response(content, media_type="image/jpeg", headers=_HEADERS)


@router.get("/v1/documents/{document_id}/search", responses=refusals(409, 429))
async def find(
    request: Request,
    document_id: UUID,
    asker: Asking,
    runtime: CurrentRuntime,
    shown: Shown,
    q: Annotated[Wanted, Query(description="the text that is looked for", examples=["4,800,000"])],
) -> SearchBody:
    """Search in the text of a PDF. Each match has its page and its place on it. An officer's search is journalled,
    without the words."""
    async with runtime.commands.work(asker.actor, asker.mark) as work:
        document = await open_preview(work, document_id, request.app.state.scans, Tag.SEARCH)
    pages, number = await shown.text(asker, document), pages_of(document)
    found = list(search(pages, q))
    with_text = {each.page for each in pages if each.text.strip()}
    read = number if document.kind == Kind.PHOTO else len(pages)
    return SearchBody(
        document_id=document_id,
        total=len(found),
        matches=[MatchBody.of(each) for each in islice(found, MOST_MATCHES)],
        pages=number,
        pages_without_text=[page for page in range(1, read + 1) if page not in with_text],
        complete=read == number,
    )
