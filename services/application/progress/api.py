"""Routes of progress: the list, one application, its timeline, card materials."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.application.progress import store
from services.application.progress.commands import card_materials, officer_reading
from services.application.progress.commands.timeline import timeline_of
from services.application.progress.schemas import (
    ApplicationView,
    Listed,
    MaterialsBody,
    MaterialsSent,
    Timeline,
    listed,
    viewed,
)
from shared.auth import APPLICANT_ROLES, Actor, Owner, Record, permit, readers
from shared.http import Page, PageQuery, Paging, etag
from shared.http.commands import EachTime, Once
from shared.service import CurrentRuntime

Applicant = Annotated[Actor, permit(*APPLICANT_ROLES)]
Reader = Annotated[Actor, permit(*APPLICANT_ROLES, *readers(Record.APPLICATION))]
router = APIRouter(prefix="/v1/applications", tags=["applications"])


@router.get("")
async def list_own(runtime: CurrentRuntime, actor: Applicant, paging: PageQuery) -> Page[Listed]:
    """The applications of the organisation or person the caller acts for, in the caller's roles; newest first."""
    async with runtime.db.read() as session:
        rows = await store.page_of(session, Owner.of(actor), _after(paging), paging.limit)
    items = [listed(application, progress) for application, progress in rows]
    return paging.page(items, key=lambda item: (item.created_at, item.id))


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
    return viewed(application, progress)


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


def _after(paging: Paging) -> tuple[datetime, UUID] | None:
    place = paging.after(datetime, UUID)
    return None if place is None else (place[0], place[1])
