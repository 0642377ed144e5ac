"""Routes of progress: the list, one application, its timeline, card materials."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from services.application.progress import domain as state
from services.application.progress import store
from services.application.progress.commands import card_materials, officer_reading
from services.application.progress.commands.timeline import timeline_of
from services.application.progress.domain import Sort, Wanted
from services.application.progress.schemas import (
    ApplicationView,
    ListPage,
    MaterialsBody,
    MaterialsSent,
    Needs,
    Timeline,
    listed,
    needed,
    place_of,
    viewed,
)
from shared.auth import APPLICANT_ROLES, Actor, Owner, Record, permit, readers
from shared.http import PageQuery, etag
from shared.http.commands import EachTime, Once
from shared.service import CurrentRuntime
from shared.text.search import search_words

Applicant = Annotated[Actor, permit(*APPLICANT_ROLES)]
Reader = Annotated[Actor, permit(*APPLICANT_ROLES, *readers(Record.APPLICATION))]
router = APIRouter(prefix="/v1/applications", tags=["applications"])


async def wanted_of(
    status: Annotated[
        list[state.Progress] | None, Query(description="statuses, any of them", max_length=20, examples=[["draft"]])
    ] = None,
    procedure: Annotated[str | None, Query(pattern=r"^[A-Z0-9_]{1,40}$", examples=["EXTEND"])] = None,
    q: Annotated[
        str | None,
        Query(description="beginnings of words of name or receipt number", max_length=100, examples=["nguyen"]),
    ] = None,
    sort: Annotated[Sort, Query(description="order of the list")] = Sort.NEWEST,
) -> Wanted:
    """The query parameters of a list: which applications, in which order."""
    return Wanted(tuple(dict.fromkeys(status or ())), procedure, search_words(q) if q else None, sort)


# As many of each need as the first page of a portal shows.
_NEEDED = 5


@router.get("")
async def list_own(
    runtime: CurrentRuntime,
    actor: Applicant,
    paging: PageQuery,
    wanted: Annotated[Wanted, Depends(wanted_of)],
    counts: Annotated[bool, Query(description="count the applications of each status as well")] = False,
) -> ListPage:
    """The applications of the organisation or person the caller acts for, in the caller's roles; newest first."""
    owner = Owner.of(actor)
    after = paging.after(date if wanted.sort is Sort.STAY_END else datetime, UUID)
    async with runtime.db.read() as session:
        rows = await store.page_of(session, owner, wanted, after, paging.limit)
        counted = await store.counts_of(session, owner, wanted) if counts else None
    items = [listed(application, progress, actor) for application, progress in rows]
    page = paging.page(items, key=lambda item: place_of(item, wanted.sort))
    return ListPage(items=page.items, next=page.next, counts=counted)


@router.get("/needs")
async def needs(runtime: CurrentRuntime, actor: Applicant) -> Needs:
    """The caller's drafts, requests for documents, stays that end soon, results and fees: what needs them now."""
    async with runtime.db.read() as session:
        found = await store.needs_of(session, Owner.of(actor), runtime.clock.now(), _NEEDED)
    return Needs(**{need: needed(count, rows, actor) for need, (count, rows) in found.items()})


@router.get("/{application_id}")
async def read(
    runtime: CurrentRuntime, actor: Reader, application_id: UUID, response: Response, run: EachTime
) -> ApplicationView:
    """One application. Officers see what was filed with their office, and each look is journalled."""
    if actor.kind == "officer":
        return await run(officer_reading.read_filed, application_id)
    async with runtime.db.read() as session:
        application, progress = await store.with_progress(session, application_id, Owner.of(actor))
    response.headers["ETag"] = etag(application.revision)
    return viewed(application, progress, actor)


@router.post("/{application_id}/card-materials")
async def send_card_materials(actor: Applicant, application_id: UUID, body: MaterialsBody, once: Once) -> MaterialsSent:
    """After the grant: the fee is paid and the old card is in the mail."""
    return await once(card_materials.send_card_materials, application_id, body.materials())


@router.get("/{application_id}/timeline")
async def timeline(runtime: CurrentRuntime, actor: Applicant, application_id: UUID) -> Timeline:
    """Steps of an application, in both languages."""
    async with runtime.db.read() as session:
        application, _ = await store.with_progress(session, application_id, Owner.of(actor))
        return await timeline_of(session, application)
